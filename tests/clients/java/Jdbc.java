// JDBC: batches, COPY, a row of NULLs, a refusal's fields. Started by test_jdbc.py with the database's URL.
import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

class Jdbc {
    public static void main(String[] arguments) throws Exception {
        try (Connection connection = DriverManager.getConnection(arguments[0], "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE log (id int GENERATED ALWAYS AS IDENTITY, actor text) USING audit_immutable");
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO log (actor) VALUES (?)")) {
                for (int n = 0; n < 50; n++) {
                    insert.setString(1, "actor " + n);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            ((PGConnection) connection).getCopyAPI().copyIn("COPY log (actor) FROM STDIN", new StringReader("a\nb\n"));
            // As Hibernate writes a class that maps the whole table.
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO log (actor, audit_chain, audit_seq,"
                    + " audit_at, audit_session, audit_hash) VALUES (?, ?, ?, ?, ?, ?)", new String[] {"id", "audit_seq"})) {
                insert.setString(1, "whole");
                for (int column = 2; column <= 6; column++) {
                    insert.setObject(column, null);
                }
                insert.executeUpdate();
                ResultSet keys = insert.getGeneratedKeys();
                keys.next();
                check(keys.getLong("audit_seq") == 53, "the generated keys have the stamp");
            }
            connection.commit();
            try {
                statement.executeUpdate("UPDATE log SET actor = 'mallory'");
                check(false, "an update passed");
            } catch (PSQLException error) {
                check("42501".equals(error.getSQLState()), error.getMessage());
                check("audit_immutable".equals(error.getServerErrorMessage().getConstraint()), error.getMessage());
                connection.rollback();
            }
            check(statement.executeUpdate("DELETE FROM log WHERE actor = 'nobody'") == 0, "a delete found a row");
            connection.commit();
        }
    }

    private static void check(boolean holds, String what) throws SQLException {
        if (!holds) {
            throw new SQLException(what);
        }
    }
}
