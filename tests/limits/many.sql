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
