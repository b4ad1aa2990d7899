create extension audit_immutable;
create schema many;
create schema small;
create type many.mood as enum ('good', 'bad');
create type public.mood as enum ('good', 'bad');
create table public.plain (a int, b text);
insert into public.plain values (1, 'one');
create table public.log (a int) using audit_immutable;
insert into public.log values (1);
-- Pages of this database that any backend has looked at, as far as they have told.
create function _pages() returns bigint language sql volatile as
    'select blks_hit + blks_read from pg_stat_database where datname = current_database()';
-- A log that a restore is about to arm: its last guard trigger is missing.
create table public.back (a int, audit_chain int, audit_seq bigint, audit_at timestamptz, audit_session bigint, audit_hash bytea)
    using audit_immutable;
create index on public.back using audit_chain (audit_chain, audit_seq);
create trigger audit_immutable_guard before delete or update or truncate on public.back
    for each statement execute function audit_immutable.guard('10000000-0000-4000-8000-000000000001');
