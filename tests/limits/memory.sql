create extension audit_immutable;
create role app_rw login;
create role app_owner login;
create role auditor login;
grant pg_monitor to auditor;
create schema m;
create schema rw authorization app_rw;
create schema s authorization app_owner;
grant usage on schema m to public;

-- One table for each kind of value.
create type m.a_pair as (a text, b jsonb);
create domain m.a_word as text;
create table m.texts (c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text) using audit_immutable;
create table m.text (v text) using audit_immutable;
create table m.word (v m.a_word) using audit_immutable;
create table m.bytea (v bytea) using audit_immutable;
create table m.json (v json) using audit_immutable;
create table m.jsonb (v jsonb) using audit_immutable;
create table m.numeric (v numeric[]) using audit_immutable;
create table m.int (v int[]) using audit_immutable;
create table m.bool (v bool[]) using audit_immutable;
create table m.array (v text[]) using audit_immutable;
create table m.pair (v m.a_pair) using audit_immutable;
create table m.pairs (v m.a_pair[]) using audit_immutable;
create table m.bits (v varbit) using audit_immutable;
create table m.path (v path) using audit_immutable;
create table m.tsquery (v tsquery) using audit_immutable;
create table m.tsvector (v tsvector) using audit_immutable;
create table m.ranges (v int4multirange) using audit_immutable;
create table m.xml (v text) using audit_immutable;
create table m.tree (k int, v text) partition by list (k);
create table m.leaf partition of m.tree for values in (1) using audit_immutable;
do $$ begin
    execute (select 'create table m.wide (' || string_agg(format('c%s text', i), ', ') || ') using audit_immutable'
             from generate_series(1, 300) as i);
end $$;
grant select, insert on all tables in schema m to app_rw;
grant select on all tables in schema m to auditor;
grant create on schema m to app_owner;

-- What is large is made once. Control characters take six bytes in a line, and hardly any on disk.
create table rw.made (k text, v text);
alter table rw.made owner to app_rw;
insert into rw.made values ('control 40', repeat(chr(1), 40000000)), ('control 100', repeat(chr(1), 100000000)),
    ('control 190', repeat(chr(1), 190000000)), ('control 45', repeat(chr(1), 45000000));
