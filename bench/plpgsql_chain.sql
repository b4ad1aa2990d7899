-- The usual hash chain in PL/pgSQL, for comparison: one chain, a lock held to the end of the transaction, the
-- head read from the table itself, SHA-256 over the row's text and the hash before.
-- bench/lib/tables.py fills in what is in braces: the columns, and their values in NEW and in r.
CREATE TABLE bench_plpgsql ({columns},
    chain_id bigint PRIMARY KEY, prev_hash bytea NOT NULL, row_hash bytea NOT NULL) USING heap{options};

CREATE OR REPLACE FUNCTION bench_plpgsql_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('bench_plpgsql'));
    SELECT chain_id, row_hash INTO head FROM bench_plpgsql ORDER BY chain_id DESC LIMIT 1;
    NEW.chain_id := coalesce(head.chain_id, 0) + 1;
    NEW.prev_hash := coalesce(head.row_hash, '\x00');
    NEW.row_hash := sha256(NEW.prev_hash || convert_to(concat_ws('|', NEW.chain_id, {new_values}), 'UTF8'));
    RETURN NEW;
END $$;

CREATE TRIGGER bench_plpgsql_chain BEFORE INSERT ON bench_plpgsql
    FOR EACH ROW EXECUTE FUNCTION bench_plpgsql_chain();

-- The number of rows, if every one is as it was hashed and follows the one before.
CREATE OR REPLACE FUNCTION bench_plpgsql_verify() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    r bench_plpgsql;
    rows bigint := 0;
    prev bytea := '\x00';
BEGIN
    FOR r IN SELECT * FROM bench_plpgsql ORDER BY chain_id LOOP
        rows := rows + 1;
        IF r.chain_id <> rows OR r.prev_hash <> prev
           OR r.row_hash <> sha256(prev || convert_to(concat_ws('|', r.chain_id, {r_values}), 'UTF8')) THEN
            RAISE EXCEPTION 'row % is wrong', rows;
        END IF;
        prev := r.row_hash;
    END LOOP;
    RETURN rows;
END $$;
