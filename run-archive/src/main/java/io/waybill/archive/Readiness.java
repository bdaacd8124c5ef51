package io.waybill.archive;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What a run must show, besides having no temporary names, before it counts as complete.
 *
 * @param followed whether a later run must be there
 */
record Readiness(Duration quietPeriod, @Nullable String marker, boolean followed, InstantSource clock) {

    static final Readiness NO_RULES = new Readiness(Duration.ZERO, null, false, InstantSource.system());

    Readiness {
        if (quietPeriod.isNegative()) {
            throw new IllegalArgumentException("a quiet period cannot be negative: %s".formatted(quietPeriod));
        }
        if (marker != null && (marker.isBlank() || marker.contains("/") || marker.equals(".") || marker.equals(".."))) {
            throw new IllegalArgumentException(
                    "a ready marker is the name of one file in the run's folder, such as _SUCCESS, not '%s'"
                            .formatted(marker));
        }
    }

    Readiness withQuietPeriod(Duration period) {
        return new Readiness(period, marker, followed, clock);
    }

    Readiness withMarker(String name) {
        return new Readiness(quietPeriod, name, followed, clock);
    }

    Readiness whenFollowed() {
        return new Readiness(quietPeriod, marker, true, clock);
    }

    Readiness withClock(InstantSource source) {
        return new Readiness(quietPeriod, marker, followed, source);
    }
}
