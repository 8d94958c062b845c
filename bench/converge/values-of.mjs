/** The values of the workload on one node. */
export function valuesOf(member, members, greeting) {
  return { node_name: member.name, node_addr: member.address, node_index: member.index, greeting, members };
}
