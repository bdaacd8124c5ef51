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

    /** How far the host's two clocks may part before it is taken to have slept, which the monotonic one may not count. */
    private static final Duration ASLEEP = Duration.ofSeconds(5);

    private final LongSupplier nanos;
    private final InstantSource host;
    // what was told, and when by the monotonic clock, of which only differences mean anything
    private @Nullable Instant told;
    private long toldAt;
    // both of the host's clocks when the last answer came
    private Instant lastHost = Instant.EPOCH;
    private long lastAt;

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
        Instant heard;
        try {
            heard = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return;
        }
        long now = nanos.getAsLong();
        if (told == null || heard.isAfter(told.plusNanos(now - toldAt)) || now - toldAt > WINDOW.toNanos()) {
            told = heard;
            toldAt = now;
        }
        lastHost = host.instant();
        lastAt = now;
    }

    /** The service's time, or empty where it has told none, or none since the host slept. */
    synchronized Optional<Instant> now() {
        long now = nanos.getAsLong();
        Duration parted = Duration.between(lastHost, host.instant()).minusNanos(now - lastAt);
        return told == null || parted.abs().compareTo(ASLEEP) > 0
                ? Optional.empty()
                : Optional.of(told.plusNanos(now - toldAt));
    }

    /** The host's time. */
    Instant hostTime() {
        return host.instant();
    }
}
