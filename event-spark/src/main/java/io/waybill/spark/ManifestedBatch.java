package io.waybill.spark;

import io.waybill.archive.RunFingerprint;
import io.waybill.archive.RunInspection;
import io.waybill.manifest.Claim;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunProcessor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
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

    /** What makes a group of Spark jobs, of the thread that starts them. */
    private static final List<String> JOB_GROUP =
            List.of("spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel");

    private final SparkSession spark;
    private final RunManifest manifest;
    private final String location;
    private final int size;
    private final RunProcessor processor;
    private final Map<String, String> options;
    private final ReadOptions read;

    private ManifestedBatch(Builder builder) {
        this.spark = builder.spark;
        this.manifest = builder.manifest;
        this.location = builder.archive;
        this.size = builder.size;
        this.options = Map.copyOf(builder.options);
        this.processor = RunProcessor.builder(builder.manifest)
                .lease(builder.lease)
                .retryAfter(builder.retryAfter)
                .build();
        this.read = ReadOptions.of(options);
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
     * @param archive the location of the archive, or of one run in it, in any file system that Hadoop knows
     * @return a builder
     */
    public static Builder builder(SparkSession spark, RunManifest manifest, String archive) {
        return new Builder(spark, manifest, archive);
    }

    /**
     * Processes all runs that are pending and ready, batch by batch, oldest first, and returns when they are done. Runs that
     * are not ready are left for a later call, which the log tells as information; of runs that are empty or archived it warns.
     *
     * <p>A run is looked into twice: before it is claimed, which may be long before its batch begins, and when all runs of the
     * batch are claimed. The batch has the files of the second look; a run that is not ready any more is given back by it, and
     * one whose files cannot be listed fails its batch.
     *
     * @param writer what to do with the events of a batch
     * @return what became of the runs
     * @throws InterruptedException if the calling thread was interrupted: the writer has ended, and its runs were released
     * @throws IOException if the archive cannot be opened
     * @throws java.io.UncheckedIOException if the archive, or the files of a run that is not claimed yet, cannot be listed
     * @throws IllegalArgumentException if there is something in the archive and nothing of it is a run
     * @throws io.waybill.manifest.ManifestException if the store cannot be worked with any more
     */
    public RunProcessor.Summary process(Writer writer) throws InterruptedException, IOException {
        try (Listing archive = Listing.at(location, read, spark.sparkContext().hadoopConfiguration())) {
            Stream<RunId> ready =
                    archive.ready(manifest.pending(archive.runs()), Level.INFO).map(RunInspection::run);
            RunProcessor.Summary summary =
                    processor.processBatches(ready, size, claims -> handle(claims, archive, writer));
            archive.refuseNone();
            return summary;
        }
    }

    /** Looks into the runs again, as it may be long ago that they were listed; from now on they have these files. */
    private Map<RunId, Map<String, String>> handle(List<Claim> claims, Listing archive, Writer writer)
            throws Exception {
        Map<RunId, RunInspection> ready = new HashMap<>();
        try (Stream<RunInspection> found = archive.ready(claims.stream().map(Claim::run), Level.INFO)) {
            found.forEach(inspection -> ready.put(inspection.run(), inspection));
        }
        List<Claim> kept = new ArrayList<>();
        List<InputFile> files = new ArrayList<>();
        Map<RunId, Map<String, String>> details = new HashMap<>();
        for (Claim claim : claims) {
            RunInspection inspection = ready.get(claim.run());
            if (inspection == null) {
                manifest.release(claim); // for a later call, as if it had not been ready at first
                continue;
            }
            kept.add(claim);
            files.addAll(archive.files(inspection));
            Map<String, String> own =
                    new TreeMap<>(RunFingerprint.of(inspection.files()).toDetails());
            own.put("archive", archive.archive().location());
            own.put("fence", Long.toString(claim.fence()));
            details.put(claim.run(), own);
        }
        if (!kept.isEmpty()) {
            write(EnrichedEvents.read(spark, options, files), kept, writer);
        }
        return details;
    }

    /** Writes, in a group of Spark jobs that ends with the writer's word or with the loss of a claim. */
    private void write(Dataset<Row> events, List<Claim> claims, Writer writer) throws Exception {
        SparkContext context = spark.sparkContext();
        String group = "waybill-" + UUID.randomUUID();
        String what = claims.size() == 1 ? claims.get(0).run().key() : claims.size() + " runs";
        Map<String, @Nullable String> callers = new HashMap<>();
        JOB_GROUP.forEach(name -> callers.put(name, context.getLocalProperty(name)));
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
            callers.forEach(context::setLocalProperty);
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
         * Sets an option of the reading: {@code entities}, {@code layout} or a rule of readiness ({@code quiet-period}, {@code
         * ready-marker}, {@code ready-when-followed}), as {@link SnowplowSource} has them.
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
