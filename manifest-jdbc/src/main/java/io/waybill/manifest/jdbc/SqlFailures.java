package io.waybill.manifest.jdbc;

import io.waybill.manifest.ManifestException;
import io.waybill.manifest.NoSuchStoreException;
import io.waybill.manifest.OutcomeUnknownException;
import io.waybill.manifest.StoreAccessDeniedException;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.StoreSchemaMismatchException;
import io.waybill.manifest.StoreUnavailableException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an SQL state says about a statement, on PostgreSQL and on H2. */
final class SqlFailures {

    private static final Set<String> MISSING_TABLE = Set.of("42P01", "42S02", "42S03", "42S04");
    private static final Set<String> MISSING_DATABASE = Set.of("90146", "90149");
    private static final Set<String> MISSING_PLACE = Set.of("3D000", "3F000", "90079"); // which create() does not make
    private static final Set<String> OTHER_SHAPE = Set.of("42703", "42S22", "42804", "42883", "22018");
    private static final Set<String> DENIED = Set.of("42501", "90096", "90040");
    private static final Set<String> NO_DATABASE = Set.of("90030", "90048", "90031");
    private static final Set<String> MADE_BY_ANOTHER = Set.of("42P07", "42S01", "42710", "23505");
    private static final Set<String> READ_ONLY = Set.of("25006", "90097");

    private static final Pattern JDBC_URL = Pattern.compile("jdbc:[^\"]+");

    private SqlFailures() {}

    /** The database's own failure, which JDBI wraps. */
    static SQLException cause(Exception e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                return sql;
            }
        }
        return new SQLException(e.getMessage(), "HY000", e);
    }

    /** Whether another session made the table a moment ago. */
    static boolean isMadeByAnother(SQLException e) {
        return MADE_BY_ANOTHER.contains(state(e));
    }

    static boolean isDuplicateKey(SQLException e) {
        return state(e).equals("23505");
    }

    static boolean isDenied(SQLException e) {
        return DENIED.contains(state(e)) || state(e).startsWith("28");
    }

    /** Whether H2 lets only an administrator do it. */
    static boolean isAdministratorsOnly(SQLException e) {
        return state(e).equals("90040");
    }

    static boolean isMissingTable(SQLException e) {
        return MISSING_TABLE.contains(state(e));
    }

    /** Whether the same statement may succeed in a moment: after a conflict, or on another connection. */
    static boolean isPassing(SQLException e) {
        return isConflict(e) || isConnectionLost(e);
    }

    /** Whether the database has told that the statement did nothing; otherwise nobody knows. */
    static boolean isDefinite(SQLException e) {
        String state = state(e);
        return !isConnectionLost(e)
                && (isWithoutDriver(e)
                        || state.matches("(0A|2[0-8]|3|42|44|53[123]|54|55|57014|HYT00).*")
                        || DENIED.contains(state)
                        || MISSING_DATABASE.contains(state)
                        || MISSING_PLACE.contains(state)
                        || READ_ONLY.contains(state)
                        || isConflict(e));
    }

    /** Whether the connection is of no use any more; H2's codes are for a broken one and for a database that was closed. */
    static boolean isConnectionLost(SQLException e) {
        return !isWithoutDriver(e) && state(e).matches("08...|57P0.|90067|90098|90121|90007|90108");
    }

    /** Whether {@link java.sql.DriverManager} has nobody to ask; it says so in words only. */
    private static boolean isWithoutDriver(SQLException e) {
        return String.valueOf(e.getMessage()).startsWith("No suitable driver");
    }

    /** The exception for a statement that did nothing, or only read. */
    static ManifestException answered(String where, SQLException failure) {
        SQLException e = withoutSecrets(failure);
        String state = state(e);
        if (isWithoutDriver(e)) {
            return new NoSuchStoreException(
                    where + ": no driver on the class path takes this URL; want jdbc:postgresql:… and"
                            + " org.postgresql:postgresql there, or jdbc:h2:… and com.h2database:h2");
        }
        if (MISSING_TABLE.contains(state) || MISSING_DATABASE.contains(state)) {
            return new StoreMissingException(where + ": the store does not exist, create it first", e);
        }
        if (MISSING_PLACE.contains(state)) {
            return new StoreMissingException(
                    where + ": the store does not exist, nor what it is to be created in: " + message(e), e);
        }
        if (OTHER_SHAPE.contains(state)) {
            return new StoreSchemaMismatchException(
                    where + ": the table has another shape than this version reads: " + message(e), e);
        }
        if (NO_DATABASE.contains(state)) {
            return new StoreSchemaMismatchException(
                    where + ": the file is damaged, or is no database of this version: " + message(e), e);
        }
        if (isDenied(e)) {
            return new StoreAccessDeniedException(where + ": the database refused access: " + message(e), e);
        }
        return new StoreUnavailableException(where + ": the database did not do it: " + message(e), e);
    }

    /** The exception for a write that may or may not have taken place. */
    static ManifestException unanswered(String where, SQLException failure) {
        SQLException e = withoutSecrets(failure);
        return new OutcomeUnknownException(where + ": the database's answer to a write was lost: " + message(e), e);
    }

    /** The failure as it may be shown: some drivers put the URL into it, which may hold a password. */
    private static SQLException withoutSecrets(SQLException e) {
        String message = String.valueOf(e.getMessage());
        if (!message.contains("jdbc:")) {
            return e;
        }
        String shown = JDBC_URL.matcher(message)
                .replaceAll(url -> Matcher.quoteReplacement(JdbcRunManifestStoreProvider.withoutSecrets(url.group())));
        SQLException replaced = new SQLException(shown, e.getSQLState(), e.getErrorCode());
        replaced.setStackTrace(e.getStackTrace());
        return replaced;
    }

    /** Between transactions of which one was ended so that the other could go on. */
    private static boolean isConflict(SQLException e) {
        return state(e).matches("40001|40P01");
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState().toUpperCase(Locale.ROOT);
    }

    /** The first line: H2 appends the statement, PostgreSQL hints. */
    private static String message(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(state(e));
    }
}
