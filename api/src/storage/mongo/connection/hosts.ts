import type { Connection, mongo } from 'mongoose';

/** Where the database is, for messages: the hosts and never the credentials. */
export function hostsOf(client: mongo.MongoClient): string {
  const { srvHost, hosts } = client.options;
  return srvHost ?? hosts.map((host) => host.toString()).join(', ');
}

export function hostsOfConnection(connection: Connection): string {
  return hostsOf(connection.getClient());
}
