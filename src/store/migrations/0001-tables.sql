-- Times are milliseconds since the epoch, booleans 0 or 1, columns named *_json hold JSON text.

create table clusters (
  id text primary key,
  name text not null unique,
  state text not null,
  provider text not null,
  spec text not null,
  distro text not null,
  rehearsal integer not null check (rehearsal in (0, 1)),
  pins text not null,
  epoch integer not null,
  record_count integer not null,
  created_at integer not null,
  ssh_public_key text not null
) strict;

create table nodes (
  cluster_id text not null references clusters (id) on delete cascade,
  name text not null,
  group_name text not null,
  group_index integer not null,
  roles_json text not null,
  address text not null,
  network text not null,
  applied_json text not null,
  primary key (cluster_id, name)
) strict;

create index nodes_by_network on nodes (network);

-- No reference to nodes: a retiring machine may outlive its node.
create table machines (
  id text primary key,
  cluster_id text not null references clusters (id) on delete cascade,
  node_name text not null,
  generation integer not null,
  standing text not null check (standing in ('current', 'retiring')),
  host_key text not null,
  created_at integer not null
) strict;

create index machines_by_cluster on machines (cluster_id, node_name);

-- A node has at most one current machine (DESIGN, "Identity and state").
create unique index machines_current on machines (cluster_id, node_name) where standing = 'current';

-- Operations and events outlive their cluster, so they do not reference it.
create table operations (
  id text primary key,
  cluster_id text,
  cluster_name text,
  kind text not null,
  state text not null,
  started_at integer not null,
  ended_at integer,
  user_name text not null,
  host text not null,
  request_json text not null,
  plan text,
  outcome text
) strict;

create index operations_by_cluster on operations (cluster_id, started_at);

create table journal (
  sequence integer primary key autoincrement,
  operation_id text not null references operations (id),
  epoch integer not null,
  at integer not null,
  type text not null check (type in ('intent', 'result', 'step')),
  step_id text not null,
  -- The effect of an intent or a result, the state of a step.
  subject text not null,
  body_json text not null
) strict;

create index journal_by_operation on journal (operation_id, sequence);

create table blobs (
  digest text primary key,
  content blob not null
) strict;

create table events (
  sequence integer primary key autoincrement,
  at integer not null,
  cluster_id text,
  operation_id text,
  kind text not null,
  node text,
  role text,
  text text not null,
  data_json text not null
) strict;

create index events_by_cluster on events (cluster_id, sequence);
create index events_by_operation on events (operation_id, sequence);

create table facts (
  cluster_id text not null references clusters (id) on delete cascade,
  node text not null,
  role text not null,
  name text not null,
  generation integer not null,
  value_json text not null,
  secret integer not null check (secret in (0, 1)),
  primary key (cluster_id, node, role, name)
) strict;

-- The owner is a cluster's id or 'home'.
create table secrets (
  owner text not null,
  name text not null,
  sealed text not null,
  primary key (owner, name)
) strict;

create table leases (
  cluster_id text primary key references clusters (id) on delete cascade,
  holder text not null,
  epoch integer not null,
  expires_at integer not null
) strict;

create table home (
  key text primary key,
  value_json text not null
) strict;
