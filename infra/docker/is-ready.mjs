// The image's health check: exit code 0 when the service in this container is ready. The image's port
// is fixed; what it is published as is the business of whoever runs it.
const url = 'http://127.0.0.1:8080/health/ready';

const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
process.exitCode = answer?.ok ? 0 : 1;
