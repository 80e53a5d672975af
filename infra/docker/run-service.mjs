// The entry of the image: `run-service.mjs <service>`. Node is the first process of the container, and
// each service handles the signals that stop it.
const services = ['ingest-gateway', 'authorizer', 'ledger-writer', 'projector', 'query-api'];

const [service] = process.argv.slice(2);
if (service === undefined || !services.includes(service)) {
  process.stderr.write(`Name the service to run: ${services.join(', ')}.\n`);
  process.exit(2);
}
await import(`../../services/${service}/dist/main.js`);
