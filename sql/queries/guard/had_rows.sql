-- Whether log $1 ever had rows: leaves of the tree, or rows that an event tells of.
SELECT EXISTS (SELECT FROM audit_immutable.leaf_range WHERE log = $1)
    OR EXISTS (
        SELECT FROM audit_immutable.event
        WHERE log = $1 AND kind IN ('storage_swapped', 'restored', 'imported', 'loss_acknowledged', 'table_missing')
    )
