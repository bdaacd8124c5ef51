package io.waybill.manifest.dynamodb;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock of the service, as the {@code Date} headers of its answers tell it: an offset to this JVM's monotonic clock, so
 * that the host's wall clock does not matter. Safe for use by many threads.
 *
 * <p>A header has whole seconds and is older than its answer, so the service's time is never earlier than what it says. Of
 * the answers of some minutes the one that tells the latest time is right to a fraction of a second.
 */
final class ServiceClock {

    /** After that long an offset is taken anew, as no two clocks run at the same rate. */
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final LongSupplier nanos;
    private final InstantSource host;
    private @Nullable Instant origin;
    private long observedAt;

    /**
     * A clock that has heard nothing.
     *
     * @param nanos a monotonic clock, in nanoseconds
     * @param host what to go by until the service has told a time
     */
    ServiceClock(LongSupplier nanos, InstantSource host) {
        this.nanos = nanos;
        this.host = host;
    }

    /** Hears the value of a {@code Date} header. One that is no date is as good as none. */
    synchronized void hear(String date) {
        Instant told;
        try {
            told = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return;
        }
        long now = nanos.getAsLong();
        Instant heard = told.minusNanos(now);
        if (origin == null || heard.isAfter(origin) || now - observedAt > WINDOW.toNanos()) {
            origin = heard;
            observedAt = now;
        }
    }

    /** The service's time, or empty where it has told none. */
    synchronized Optional<Instant> now() {
        return Optional.ofNullable(origin).map(at -> at.plusNanos(nanos.getAsLong()));
    }

    /** The host's time. */
    Instant hostTime() {
        return host.instant();
    }
}
