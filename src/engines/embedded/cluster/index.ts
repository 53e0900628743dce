export { createClusters } from './lab-clusters.ts';
