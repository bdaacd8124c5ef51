package io.waybill.manifest.tck;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. Safe for use by many threads. */
public final class ManualClock implements InstantSource {

    private Instant now = Instant.parse("2017-04-11T10:00:00Z");

    /** A clock that shows some whole second. */
    public ManualClock() {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /**
     * Moves the clock on.
     *
     * @param time how far
     */
    public synchronized void advance(Duration time) {
        now = now.plus(time);
    }
}
