import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import type { AttributeExplanation } from '../../services/explain-attribute.js';

export default class ConfigExplain extends BdeCommand {
  static override readonly summary = 'Say what value an attribute of a cluster has, and where it came from.';
  static override readonly description =
    'Layers, the later one wins: cookbook, distro, role, cluster, group. It looks at the inputs that the cluster pinned, not at the files of today.';
  static override readonly args = {
    cluster: Args.string({ description: 'Name of the cluster.', required: true }),
    key: Args.string({ description: 'COOKBOOK.ATTRIBUTE, or COOKBOOK for all of its attributes.', required: true }),
  };
  static override readonly flags = {
    group: Flags.string({ description: 'Only as nodes of this group see it.', helpValue: 'NAME' }),
  };
  static override readonly examples = [
    '<%= config.bin %> config explain bare-basic base.hostsScope',
    '<%= config.bin %> config explain bare-basic base --group node',
  ];

  async run(): Promise<AttributeExplanation> {
    const { args, flags } = await this.parse(ConfigExplain);
    const { explainAttribute } = await import('../../services/explain-attribute.js');
    const { renderTable } = await import('../../../report/render-table.js');
    const explanation = await explainAttribute(args.cluster, args.key, flags.group);
    this.print(
      renderTable({
        columns: [{ title: 'key' }, { title: 'value' }, { title: 'groups' }, { title: 'layer' }, { title: 'place' }],
        rows: explanation.values.map((each) => [
          each.key,
          each.layer === null ? null : JSON.stringify(each.value),
          each.groups.join(','),
          each.layer,
          each.place,
        ]),
      }),
    );
    return explanation;
  }
}
