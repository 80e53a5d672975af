export { clusterConfig } from './config.ts';
export { cluster, type RunningCluster } from './cluster.ts';
