package io.waybill.event;

/**
 * What became of the lines that were transformed: each is an event or a bad row.
 *
 * @param events the number of lines written as JSON
 * @param badRows the number of lines given to the sink for bad rows
 */
public record TransformCounts(long events, long badRows) {

    /** Checks that neither number is negative. */
    public TransformCounts {
        if (events < 0 || badRows < 0) {
            throw new IllegalArgumentException(
                    "events is %d and badRows is %d, want neither below 0".formatted(events, badRows));
        }
    }

    /**
     * The counts of both together, as for several files.
     *
     * @param other the counts of other lines
     * @return the sums
     */
    public TransformCounts plus(TransformCounts other) {
        return new TransformCounts(Math.addExact(events, other.events), Math.addExact(badRows, other.badRows));
    }
}
