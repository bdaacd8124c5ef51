package io.waybill.benchmarks;

/**
 * What one candidate reached in one round.
 *
 * @param round from 1
 * @param data what it worked on, as {@link EventData#of} takes it
 * @param candidate its title
 * @param bytesPerSecond bytes of input
 * @param eventsPerSecond events of input
 * @param allocatedPerEvent bytes; not a number where that is not known
 */
record Sample(
        int round,
        String data,
        String candidate,
        double bytesPerSecond,
        double eventsPerSecond,
        double allocatedPerEvent) {}
