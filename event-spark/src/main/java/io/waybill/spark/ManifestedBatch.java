package io.waybill.spark;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunFingerprint;
import io.waybill.archive.RunInspection;
import io.waybill.archive.RunLayout;
import io.waybill.manifest.Claim;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.event.Level;

/**
 * Has the pending runs of an archive processed by Spark jobs, several runs as one dataset: claims them, reads them, hands them
 * to a writer, and commits all of them or fails all of them; the claims are renewed meanwhile. All of that is done on the
 * driver: executors read files and never see the manifest. Several drivers may work on one archive, each on runs of its own.
 *
 * <p>A run may be written more than once, as a driver can die between its write and its commit. So what the writer does must
 * replace by run ({@link RunPartitions}), or commit in one transaction with the records. Appending doubles rows.
 */
public final class ManifestedBatch {

    private final SparkSession spark;
    private final RunManifest manifest;
    private final String archive;
    private final int size;
    private final RunProcessor processor;
    private final Map<String, String> options;
    private final RunLayout layout;

    private ManifestedBatch(Builder builder) {
        this.spark = builder.spark;
        this.manifest = builder.manifest;
        this.archive = builder.archive;
        this.size = builder.size;
        this.options = Map.copyOf(builder.options);
        this.processor = RunProcessor.builder(builder.manifest)
                .lease(builder.lease)
                .retryAfter(builder.retryAfter)
                .build();
        this.layout = ReadOptions.of(options).layout();
    }

    /** Writes the events of some runs somewhere. */
    @FunctionalInterface
    public interface Writer {

        /**
         * Writes the events. Called on the thread that called {@link ManifestedBatch#process}. When one of the claims is lost
         * its Spark jobs are cancelled and the thread is interrupted.
         *
         * @param events the lines of all runs, with the schema of {@link EnrichedEvents}; {@code run_id} tells the run
         * @param claims the right to process each run. A writer whose output is in the manifest's database commits them itself,
         *     in the transaction of the output; else that is done when it has returned
         * @throws Exception if the events could not be written: the runs are recorded as failed with the reason
         */
        void write(Dataset<Row> events, List<Claim> claims) throws Exception;
    }

    /**
     * Begins a batch job.
     *
     * @param spark the session that reads
     * @param manifest the runs that are done
     * @param archive the location of the archive, in any file system that Hadoop knows
     * @return a builder
     */
    public static Builder builder(SparkSession spark, RunManifest manifest, String archive) {
        return new Builder(spark, manifest, archive);
    }

    /**
     * Processes all runs that are pending and ready, batch by batch, oldest first, and returns when they are done. Runs that
     * are not ready are left for a later call, which the log tells as information; of runs that are empty or archived it warns.
     *
     * @param writer what to do with the events of a batch
     * @return what became of the runs
     * @throws InterruptedException if the calling thread was interrupted: the writer has ended, and its runs were released
     * @throws IOException if the archive cannot be opened
     * @throws java.io.UncheckedIOException if the archive, or the files of a run, cannot be listed
     * @throws io.waybill.manifest.ManifestException if the store cannot be worked with any more
     */
    public RunProcessor.Summary process(Writer writer) throws InterruptedException, IOException {
        HadoopFolder folder = HadoopFolder.at(archive, spark.sparkContext().hadoopConfiguration());
        Map<RunId, RunInspection> found = new ConcurrentHashMap<>();
        try (RunArchive runs = Listing.open(folder, layout);
                Stream<RunId> listing = runs.runs(RunRange.startingWith(folder.idPrefix()))) {
            Stream<RunId> ready = runs.inspect(manifest.pending(listing), Listing.PARALLELISM)
                    .filter(inspection -> Listing.isReady(inspection, runs, Level.INFO))
                    .peek(inspection -> found.put(inspection.run(), inspection))
                    .map(RunInspection::run);
            return processor.processBatches(ready, size, claims -> handle(claims, found, runs, writer));
        }
    }

    private Map<RunId, Map<String, String>> handle(
            List<Claim> claims, Map<RunId, RunInspection> found, RunArchive runs, Writer writer) throws Exception {
        List<InputFile> files = new ArrayList<>();
        Map<RunId, Map<String, String>> details = new HashMap<>();
        for (Claim claim : claims) {
            RunInspection inspection = Objects.requireNonNull(found.remove(claim.run()));
            inspection.files().forEach(file -> files.add(InputFile.of(runs, file)));
            Map<String, String> kept =
                    new TreeMap<>(RunFingerprint.of(inspection.files()).toDetails());
            kept.put("archive", runs.location());
            kept.put("fence", Long.toString(claim.fence()));
            details.put(claim.run(), kept);
        }
        write(EnrichedEvents.read(spark, options, files), claims, writer);
        return details;
    }

    /** Writes, in a group of Spark jobs that ends with the writer's word or with the loss of a claim. */
    private void write(Dataset<Row> events, List<Claim> claims, Writer writer) throws Exception {
        SparkContext context = spark.sparkContext();
        String group = "waybill-" + UUID.randomUUID();
        String what = claims.size() == 1 ? claims.get(0).run().key() : claims.size() + " runs";
        context.setJobGroup(group, "waybill: " + what, true);
        claims.forEach(claim -> claim.onLost(why -> context.cancelJobGroup(group)));
        boolean written = false;
        try {
            writer.write(events, List.copyOf(claims));
            written = true;
        } finally {
            if (!written) { // what it left behind must not write on
                context.cancelJobGroup(group);
            }
            context.clearJobGroup();
        }
    }

    /** Builds a {@link ManifestedBatch}. Not safe for use by several threads. */
    public static final class Builder {

        private final SparkSession spark;
        private final RunManifest manifest;
        private final String archive;
        private int size = 10;
        private Duration lease = RunProcessor.DEFAULT_LEASE;
        private Duration retryAfter = Duration.ZERO;
        private final Map<String, String> options = new TreeMap<>();

        private Builder(SparkSession spark, RunManifest manifest, String archive) {
            this.spark = spark;
            this.manifest = manifest;
            this.archive = archive;
        }

        /**
         * Sets the most runs of a batch; 10 by default.
         *
         * @param runs from 1
         * @return this builder
         */
        public Builder size(int runs) {
            if (runs < 1) {
                throw new IllegalArgumentException("a batch of %d runs, want 1 or more".formatted(runs));
            }
            size = runs;
            return this;
        }

        /**
         * Sets how long claims hold after each renewal; they are renewed three times in that time. 10 minutes by default.
         *
         * @param lease from a millisecond to 365 days
         * @return this builder
         */
        public Builder lease(Duration lease) {
            this.lease = lease;
            return this;
        }

        /**
         * Sets how long failed runs wait for their next attempt; zero by default.
         *
         * @param wait from zero to 365 days
         * @return this builder
         */
        public Builder retryAfter(Duration wait) {
            retryAfter = wait;
            return this;
        }

        /**
         * Sets an option of the reading: {@code entities} or {@code layout}, as {@link SnowplowSource} has them.
         *
         * @param name the option
         * @param value its value
         * @return this builder
         */
        public Builder option(String name, String value) {
            options.put(name, value);
            return this;
        }

        /**
         * The batch job.
         *
         * @return a job with these settings
         * @throws IllegalArgumentException if a setting is not valid
         */
        public ManifestedBatch build() {
            return new ManifestedBatch(this);
        }
    }
}
