/** What the name of a new cookbook may be: it is a role's, a user's and a service's too. */
export const NEW_COOKBOOK_NAME = /^[a-z][a-z0-9_]{0,30}$/;

/**
 * A small cookbook that is whole: texts by path, from the cookbook's folder. One role of the cookbook's name runs a
 * service that only waits; its files say what to put in their place.
 */
export function newCookbook(name: string): Readonly<Record<string, string>> {
  return {
    'metadata.yaml': metadata(name),
    'attributes.yaml': ATTRIBUTES,
    [`roles/${name}.yaml`]: role(name),
    'recipes/server.yaml': recipe(name),
    'templates/settings.conf.hbs': SETTINGS,
    'templates/server.service.hbs': service(name),
  };
}

function metadata(name: string): string {
  return `formatVersion: 1
name: ${name}
version: '0.1.0'
summary: Servers of ${name}
`;
}

const ATTRIBUTES = `# What a spec may set under "configuration": { "COOKBOOK": { … } }.
greeting:
  type: string
  maxLength: 200
  default: hello
  description: What the server says
workers:
  type: integer
  minimum: 1
  maximum: 64
  default: 2
  description: Requests that it answers at the same time
`;

function role(name: string): string {
  return `summary: Server of ${name}
runList: ['${name}::server']
cardinality: { min: 1, max: null }
ready:
  withinSeconds: 60
  probe:
    # Better is to ask the service itself: curl -fsS http://{{node.address}}:PORT/health
    command: systemctl is-active --quiet ${name}
minimumMemoryMiB: 64
# ports: [{ name: http, port: 8080, protocol: tcp, scheme: http }]
`;
}

function recipe(name: string): string {
  return `resources:
  # - package: ${name}
  #   notify: restart service[${name}]
  - user: ${name}
    system: true
  - directory: /etc/${name}
  - template: /etc/${name}/settings.conf
    source: settings.conf
    group: ${name}
    mode: '0640'
    notify: restart service[${name}]
  - systemd_unit: ${name}
    source: server.service
    notify: restart service[${name}]
  - service: ${name}
`;
}

const SETTINGS = `# Written by bde from templates/settings.conf.hbs.
node = {{node.name}}
greeting = {{attributes.greeting}}
workers = {{attributes.workers}}
`;

function service(name: string): string {
  return `[Unit]
Description=Server of ${name}
After=network-online.target

[Service]
User=${name}
# The program of the package goes here; this one only waits.
ExecStart=/bin/sleep infinity
Restart=on-failure

[Install]
WantedBy=multi-user.target
`;
}
