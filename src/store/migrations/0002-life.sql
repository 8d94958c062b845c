-- What changing a cluster needs to know: a node's ordinal, product clusters it is a member of and wanted power; what its
-- machine was made with; the pins before the last change. Ordinals and shapes of what is there already are taken out of
-- the pinned inputs.

alter table clusters add column former_pins text;
alter table clusters add column protected integer not null default 0 check (protected in (0, 1));
alter table operations add column cancel_asked integer not null default 0 check (cancel_asked in (0, 1));
alter table nodes add column ordinal integer not null default 0;
alter table nodes add column member_of_json text not null default '[]';
alter table nodes add column power text not null default 'on' check (power in ('on', 'off'));
alter table machines add column shape_json text not null default 'null';

create temporary view pinned as
  select clusters.id as cluster_id, cast(resolved.content as text) as resolved
    from clusters
    join blobs as pins on pins.digest = clusters.pins
    join blobs as resolved on resolved.digest = json_extract(cast(pins.content as text), '$.resolved');

update nodes set
  ordinal = coalesce((
    select json_extract(place.value, '$.ordinal')
      from pinned, json_each(pinned.resolved, '$.nodes') as place
     where pinned.cluster_id = nodes.cluster_id and json_extract(place.value, '$.name') = nodes.name), 0),
  -- A role that was applied was waited for until it was ready.
  member_of_json = (
    select json_group_array(role.value)
      from json_each(nodes.roles_json) as role
     where exists (select 1 from json_each(nodes.applied_json) as applied where applied.key = role.value));

update machines set
  shape_json = coalesce((
    select json_object(
             'size', json(json_extract(grp.value, '$.size')),
             'swapMiB', json_extract(grp.value, '$.swapMiB'),
             'dataDisksGiB', json(json_extract(grp.value, '$.dataDisksGiB')))
      from nodes, pinned, json_each(pinned.resolved, '$.groups') as grp
     where nodes.cluster_id = machines.cluster_id and nodes.name = machines.node_name
       and pinned.cluster_id = nodes.cluster_id and json_extract(grp.value, '$.name') = nodes.group_name), 'null');

drop view pinned;
