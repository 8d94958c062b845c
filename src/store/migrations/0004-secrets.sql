-- When a secret was given its value; null where an older bde did not write it down.

alter table secrets add column set_at integer;
