import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type CuttableProxy, cuttableProxy } from './cuttable-proxy.ts';

let echo: Server;
let served: Socket[] = [];
let proxy: CuttableProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  served = [];
  echo = createServer((socket) => {
    served.push(socket);
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const address = echo.address();
  proxy = await cuttableProxy(`tcp://127.0.0.1:${typeof address === 'object' && address?.port}`);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  echo.close();
});

async function client() {
  const { hostname, port } = new URL(proxy.url);
  const socket = connect(Number.parseInt(port, 10), hostname);
  clients.push(socket);
  socket.on('error', () => {});
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  await once(socket, 'connect');
  return { socket, heard: () => heard };
}

test('what goes in comes out, in both directions', async () => {
  const { socket, heard } = await client();
  socket.write('hello');
  await vi.waitFor(() => expect(heard()).toBe('hello'));
});

test('a cut ends every connection and refuses new ones until it is restored', async () => {
  const { socket } = await client();
  const closed = once(socket, 'close');
  await proxy.cut();
  await closed;
  await expect(client()).rejects.toThrow();
  await proxy.restore();
  const { socket: again, heard } = await client();
  again.write('back');
  await vi.waitFor(() => expect(heard()).toBe('back'));
});

test('a silenced connection carries nothing, nor the end of either side; a new one passes', async () => {
  const silenced = await client();
  silenced.socket.write('before');
  await vi.waitFor(() => expect(silenced.heard()).toBe('before'));
  const far = served[0];
  expect(proxy.silence()).toBe(1);
  silenced.socket.write(' after');
  const fresh = await client();
  fresh.socket.write('new');
  await vi.waitFor(() => expect(fresh.heard()).toBe('new'));
  silenced.socket.destroy();
  fresh.socket.write('er');
  await vi.waitFor(() => expect(fresh.heard()).toBe('newer'));
  expect([silenced.heard(), far?.destroyed, far?.readableEnded]).toEqual(['before', false, false]);
  expect(proxy.silence()).toBe(1);
});
