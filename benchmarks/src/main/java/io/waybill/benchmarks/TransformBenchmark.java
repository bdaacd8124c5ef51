package io.waybill.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One candidate over one set of data; the bytes and events of the input are counted, as a call may go over it often. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
public class TransformBenchmark {

    /** Who works; all of them, unless told. */
    @Param
    public Candidate candidate = Candidate.BULK;

    /** What {@link EventData} makes of it. */
    @Param("events:256k")
    public String data = "";

    private final Sink sink = new Sink();
    private Work work = sink -> 0;
    private Turn turn = Turn.ALWAYS;
    private long bytesPerPass;
    private long eventsPerPass;

    /** What was gone over, in units of input. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Done {
        /** Bytes of input. */
        public long bytes;

        /** Events of input. */
        public long events;
    }

    /** Makes the data and the candidate. */
    @Setup
    public void prepare() throws IOException {
        EventData input = EventData.of(data);
        work = candidate.over(input);
        bytesPerPass = input.tsv().length;
        eventsPerPass = input.count();
        turn = Turn.join();
    }

    /** Waits until no other candidate is at work. */
    @Setup(Level.Iteration)
    public void begin() throws IOException {
        turn.begin();
    }

    /** Lets the next candidate work. */
    @TearDown(Level.Iteration)
    public void end() throws IOException {
        turn.end();
    }

    /**
     * The measured call.
     *
     * @param done is counted up
     * @return depends on all output
     */
    @Benchmark
    public long run(Done done) throws IOException {
        int passes = work.run(sink);
        done.bytes += passes * bytesPerPass;
        done.events += passes * eventsPerPass;
        return sink.checksum();
    }
}
