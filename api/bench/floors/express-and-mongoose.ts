// Floor: what most would write first, Express with a mongoose model.
import express from 'express';
import mongoose from 'mongoose';
import { driverEnvironment } from './driver-environment.ts';

const { uri, host, port, poolSize } = driverEnvironment();
await mongoose.connect(uri, { maxPoolSize: poolSize, autoIndex: false });
const Session = mongoose.model(
  'Session',
  new mongoose.Schema({ session_id: String, last_heartbeat: Date }, { strict: false, collection: 'sessions' }),
);
const app = express();

app.use(express.json());
app.get('/health', (_request, response) => void response.json({ status: 'ok' }));
// Express 5 awaits handlers and answers 500 where one rejects.
// oxlint-disable-next-line oxc/no-async-endpoint-handlers
app.post('/api/sessions/:id/heartbeat', async (request, response) => {
  const found = await Session.findOneAndUpdate(
    { session_id: request.params.id },
    { $set: { last_heartbeat: new Date() } },
    { returnDocument: 'after' },
  );
  response.status(found ? 200 : 404).json(found ?? {});
});
process.once('SIGTERM', () => void mongoose.disconnect().then(() => process.exit(0)));
app.listen(port, host);
