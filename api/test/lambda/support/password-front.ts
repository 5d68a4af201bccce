import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { BSON, type Document } from 'mongodb';

const OP_MSG = 2013;
const HEADER_BYTES = 16;
/** Of OP_MSG: the header, its flags and the kind of its first section. */
const BEFORE_COMMAND = HEADER_BYTES + 5;
const SALT = randomBytes(16);
const ITERATIONS = 4096;
const BEFORE_A_PASSWORD = ['hello', 'ismaster', 'isMaster', 'endSessions'];

/**
 * Stands before a database that lets in anybody, and asks for a name and a password as Atlas does: by SCRAM-SHA-256
 * (RFC 5802 and 7677). `password` is as the server knows it, prepared by SASLprep.
 */
export class PasswordFront implements AsyncDisposable {
  /** How many connections were let in. */
  admitted = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(host: string, port: number, user: string, password: string) {
    this.#server = createServer((near) => {
      const far = connect(port, host);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
      far.pipe(near);
      const conversation = new Conversation(user, password, () => {
        this.admitted += 1;
      });
      readMessages(near, (message) => {
        const reply = conversation.replyTo(message);
        if (reply === undefined) far.write(message);
        else near.write(reply);
      });
    });
  }

  static async start({ host, port }: { host: string; port: number }, user: string, password: string) {
    const front = new PasswordFront(host, port, user, password);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the front does not listen');
    return address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

function readMessages(socket: Socket, take: (message: Buffer) => void): void {
  let unread = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    unread = Buffer.concat([unread, bytes]);
    while (unread.length >= HEADER_BYTES && unread.length >= unread.readInt32LE(0)) {
      const length = unread.readInt32LE(0);
      take(unread.subarray(0, length));
      unread = unread.subarray(length);
    }
  });
}

/** What is said on one connection until the password was proven. */
class Conversation {
  readonly #user: string;
  readonly #salted: Buffer;
  readonly #admit: () => void;
  #firsts = '';
  #admitted = false;

  constructor(user: string, password: string, admit: () => void) {
    this.#user = user;
    this.#salted = pbkdf2Sync(password, SALT, ITERATIONS, 32, 'sha256');
    this.#admit = admit;
  }

  /** Undefined where the database itself is to answer. */
  replyTo(message: Buffer): Buffer | undefined {
    if (this.#admitted || message.readInt32LE(12) !== OP_MSG) return undefined;
    const command = BSON.deserialize(message.subarray(BEFORE_COMMAND), { promoteBuffers: true });
    const [name = ''] = Object.keys(command);
    if (BEFORE_A_PASSWORD.includes(name)) return undefined;
    return asReply(message.readInt32LE(4), this.#answer(name, command));
  }

  #answer(name: string, command: Document): Document {
    const said = String(command['payload']);
    if (name === 'saslStart' && command['mechanism'] === 'SCRAM-SHA-256') return this.#begin(said);
    if (name === 'saslContinue') return this.#end(said);
    return { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: `${name} requires authentication` };
  }

  #begin(said: string): Document {
    const [, nonce = ''] = /^n,,n=[^,]+,r=(.+)$/.exec(said) ?? [];
    const reply = `r=${nonce}${randomBytes(18).toString('base64')},s=${SALT.toString('base64')},i=${ITERATIONS}`;
    this.#firsts = `${said.slice('n,,'.length)},${reply}`;
    return { conversationId: 1, done: false, payload: Buffer.from(reply), ok: 1 };
  }

  #end(said: string): Document {
    const [, withoutProof = '', proof = ''] = /^(.+),p=(.+)$/.exec(said) ?? [];
    const everything = `${this.#firsts},${withoutProof}`;
    const stored = createHash('sha256').update(hmac(this.#salted, 'Client Key')).digest();
    const clientKey = xor(Buffer.from(proof, 'base64'), hmac(stored, everything));
    const isProven = timingSafeEqual(createHash('sha256').update(clientKey).digest(), stored);
    if (!isProven || !this.#firsts.startsWith(`n=${this.#user},`)) {
      return { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'Authentication failed.' };
    }
    this.#admitted = true;
    this.#admit();
    const signature = hmac(hmac(this.#salted, 'Server Key'), everything).toString('base64');
    return { conversationId: 1, done: true, payload: Buffer.from(`v=${signature}`), ok: 1 };
  }
}

function asReply(to: number, document: Document): Buffer {
  const body = BSON.serialize(document);
  const head = Buffer.alloc(BEFORE_COMMAND);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(to, 8);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function xor(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}
