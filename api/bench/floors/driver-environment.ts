/** What the floors over MongoDB are told by the benchmark. */
export function driverEnvironment() {
  const { MONGODB_URI, HOST, PORT, MONGODB_POOL_SIZE } = process.env;
  if (MONGODB_URI === undefined) throw new Error('MONGODB_URI is not set');
  return {
    uri: MONGODB_URI,
    host: HOST ?? '127.0.0.1',
    port: Number(PORT),
    poolSize: Number(MONGODB_POOL_SIZE ?? 20),
  };
}
