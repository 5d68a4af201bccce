// Copies the API's local server beside the extension's bundle. The API has to be built before.
import { copyFile, mkdir } from 'node:fs/promises';
import api from '../../api/package.json' with { type: 'json' };
import extension from '../package.json' with { type: 'json' };

// Windows of different versions tell by it which of their servers is the newer one.
if (api.version !== extension.version) {
  throw new Error(`The extension is ${extension.version} and the API it ships ${api.version}: give them one version.`);
}

await mkdir('dist', { recursive: true });
await copyFile('../api/dist/local-server.mjs', 'dist/server.mjs');
