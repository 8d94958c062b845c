-- Which cluster record was left, and on which machines: one that says the same is not left again.

alter table clusters add column record_left_json text not null default 'null';
