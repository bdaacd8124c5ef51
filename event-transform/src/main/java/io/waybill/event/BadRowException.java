package io.waybill.event;

import io.waybill.event.BadRow.Error;
import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Thrown where an {@link EnrichedEvent} was asked for and the line is none, or where one of its columns does not hold
 * what was asked of it. The message tells the first errors without their values, which may be personal data.
 */
public final class BadRowException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MOST_TOLD = 3;

    /** What is wrong. */
    private final BadRow badRow;

    BadRowException(BadRow badRow) {
        this(badRow, null);
    }

    BadRowException(BadRow badRow, @Nullable Throwable cause) {
        super(message(badRow.errors()), cause);
        this.badRow = badRow;
    }

    private static String message(List<Error> errors) {
        String told = errors.stream().limit(MOST_TOLD).map(Error::message).collect(Collectors.joining("; "));
        return errors.size() <= MOST_TOLD ? told : "%s; and %d more".formatted(told, errors.size() - MOST_TOLD);
    }

    /**
     * What is wrong, with the values.
     *
     * @return the errors that were looked for; its line number is 1
     */
    public BadRow badRow() {
        return badRow;
    }
}
