-- Two trees alike, of audit tables and of plain ones.
create extension audit_immutable;
create table public.go (k int);
insert into go values (1);
create schema audit;
create schema plain;
create table audit.root (k int, note text) partition by list (k);
create table plain.root (k int, note text) partition by list (k);
create table audit.leaf_0 partition of audit.root for values in (0) using audit_immutable;
create table plain.leaf_0 partition of plain.root for values in (0);
-- Makes the leaves `first` to `last`, each in a transaction of its own.
create procedure make(kind text, first int, last int) language plpgsql as $$
declare
    method text := case kind when 'audit' then 'using audit_immutable' else '' end;
begin
    for i in first..last loop
        execute format('create table %I.leaf_%s partition of %I.root for values in (%s) %s', kind, i, kind, i, method);
        commit;
    end loop;
end $$;
-- The locks of this session on the leaves that were there before, and the strongest ones on the root.
create function held(kind text) returns text language sql volatile as $$
    select count(distinct c.oid) filter (where c.relname ~ '^leaf_') || ' leaves; root: '
        || coalesce(string_agg(distinct l.mode, ', ' order by l.mode) filter (where c.relname = 'root'), '')
    from pg_locks as l
    join pg_class as c on c.oid = l.relation
    join pg_namespace as n on n.oid = c.relnamespace
    where l.pid = pg_backend_pid() and n.nspname = kind and c.relname not like 'new%' and c.relkind in ('r', 'p')
$$;
