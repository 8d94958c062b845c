import { Args } from '@oclif/core';

/** The cluster whose secrets a command is about. */
export const clusterArg = { cluster: Args.string({ description: 'Name of the cluster.', required: true }) };
