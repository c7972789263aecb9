import fastify from 'fastify';

/** The least a server can do with a body: parse it and send it back. Prints its port. */
async function main(): Promise<void> {
  const server = fastify();
  server.post('/echo', async (request) => request.body);
  await server.listen({ port: 0, host: '127.0.0.1' });
  const address = server.server.address();
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`);
  process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
}

void main();
