package io.waybill.archive;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The runs below one location, and their files.
 *
 * <p>Listing does not look into the runs, as most of them are done: {@link #ready} does for those that are not, so that
 * {@code archive.ready(manifest.pending(archive.runs(range)))} are the runs to process now. An archive is immutable and may
 * be used by many threads; the streams it hands out may not.
 *
 * <p>A location is a place in S3, such as {@code s3://bucket/enriched/archive/} (also {@code s3a:} and {@code s3n:}), or a
 * local folder. In S3 the id of a run is the whole key of its folder with a trailing slash, such as
 * {@code enriched/archive/run=2017-04-11-10-00-00/}; in a local folder it is the path below that folder, such as
 * {@code run=2017-04-11-10-00-00/}, and symbolic links are followed.
 */
public sealed interface RunArchive extends AutoCloseable permits StoredArchive {

    /**
     * An archive to be opened at a location.
     *
     * @param location a place in S3, or the path of a local folder
     * @return a builder with the default layout and no readiness rule but that of the temporary names
     * @throws IllegalArgumentException if the location is blank, or is the URI of something else
     */
    static Builder at(String location) {
        return new Builder(location);
    }

    /**
     * An archive to be opened in a folder of another file system.
     *
     * @param folder lists and reads the files; closing the archive does not close it
     * @return a builder with the default layout and no readiness rule but that of the temporary names
     */
    static Builder in(ArchiveFolder folder) {
        return new Builder(folder);
    }

    /**
     * The runs in a range, oldest first: in the byte order of their ids, which is the order of time in all built-in
     * layouts.
     *
     * <p>Lists lazily: a local folder at a time, or a page of up to 1,000 entries in S3, from the start of the range to its
     * end. What lies in the range and is no run is told to the builder's
     * {@linkplain Builder#onForeign consumer}, once per listing; names that start with {@code .} are passed over.
     *
     * @param range which runs to list
     * @return the runs; the caller closes the stream, which throws {@link UncheckedIOException} when a folder cannot be
     *     listed
     */
    Stream<RunId> runs(RunRange range);

    /**
     * The runs that started in a span of time by the archive's layout, oldest first, listed as by {@link #runs(RunRange)}.
     * In the layouts that have a name little more than the span is listed; in those of regular expressions all is, as their
     * names need not be in the order of time.
     *
     * @param since the earliest start
     * @param until the end, left out
     * @return the runs; the caller closes the stream
     */
    Stream<RunId> runs(Instant since, Instant until);

    /**
     * Of some runs those that can be processed now, in their order: {@link RunInspection.Status#READY} by the builder's rules,
     * of which there are none but that of the temporary names unless it was told. Each of the others is logged with the
     * reason: as information where it is not ready yet, as a warning where it is empty or archived. {@link #inspect(Stream, int)}
     * is for who wants to know more. Looks into eight runs at a time.
     *
     * <p>A run that is left out is passed over by those behind it: not for runs that must keep their order.
     *
     * @param runs runs of this archive, such as those that are pending
     * @return the runs; the caller closes the stream, which closes {@code runs} and throws {@link UncheckedIOException} when
     *     the files of a run cannot be listed
     */
    Stream<RunId> ready(Stream<RunId> runs);

    /**
     * Looks into runs, several at a time but in their order, and ahead of the reader by no more than that.
     *
     * @param runs runs of this archive
     * @param parallelism how many at a time, from 1
     * @return an inspection of each, {@link RunInspection.Status#UNREADABLE} where {@link #inspect(RunId)} would throw an
     *     {@link IOException}; the caller closes the stream, which closes {@code runs}
     */
    Stream<RunInspection> inspect(Stream<RunId> runs, int parallelism);

    /**
     * Looks into a run.
     *
     * <p>Its input files are all files in its folder and in the folders below, but those where a part of the path starts
     * with {@code .} or {@code _} or ends in {@code .crc}, {@code .tmp}, {@code .part}, {@code ._COPYING_} or
     * {@code $folder$}, and but the {@linkplain Builder#readyMarker ready marker}.
     *
     * @param run a run of this archive
     * @return its status and input files
     * @throws IllegalArgumentException if the id cannot be one of this archive, as it leaves the archive's folder or has no
     *     trailing slash
     * @throws java.nio.file.NoSuchFileException if the run's folder is not there (any more): in S3, if no object is
     * @throws IOException if the run's files cannot be listed: one of the folders cannot be read, a symbolic link leads to
     *     nothing or back to a folder above it, a file is neither regular nor a folder, or S3 refuses or does not answer
     */
    RunInspection inspect(RunId run) throws IOException;

    /**
     * Opens a file of a run for reading, decompressed.
     *
     * @param file a file that {@link #inspect(RunId)} found
     * @return as {@link #open(RunFile, LongConsumer)}
     * @throws IOException as {@link #open(RunFile, LongConsumer)}
     */
    default InputStream open(RunFile file) throws IOException {
        return open(file, bytes -> {});
    }

    /**
     * Opens a file of a run for reading, decompressed, and tells how the reading comes along.
     *
     * <p>A file is gzip if it starts with the bytes {@code 1f 8b}, whatever its name; it may have several members. Any
     * other file is read as it is. Data that are cut short, damaged or followed by garbage are an {@link IOException} of
     * the stream that names the file and the offset: a file read to its end without one was read in full. The stream is
     * not buffered: read it with large arrays. A file that has another size than when it was listed is an {@link IOException};
     * in S3 any object that was replaced since is, and a broken connection is taken up again where it broke, a few times.
     *
     * @param file a file that {@link #inspect(RunId)} found
     * @param progress told of each number of bytes read from the file as stored; the numbers add up to the bytes read so
     *     far
     * @return the file's bytes; the caller closes the stream
     * @throws IllegalArgumentException if the file's run or name leaves the archive's folder
     * @throws IOException if the file cannot be opened, is named {@code .gz} and is not gzip, or starts as a file of another
     *     format does (zstd, bzip2, xz, lzop, LZ4, ZIP)
     */
    InputStream open(RunFile file, LongConsumer progress) throws IOException;

    /**
     * The layout that tells runs from other folders, and their times.
     *
     * @return the layout given to the builder, or the default one
     */
    RunLayout layout();

    /**
     * Where the archive is.
     *
     * @return the absolute path of the folder, or {@code s3://bucket/} and the key
     */
    String location();

    /**
     * Where one of the archive's runs is.
     *
     * @param run a run of this archive, which need not exist
     * @return the absolute path of the run's folder, or {@code s3://bucket/} and the key
     * @throws IllegalArgumentException if the id cannot be one of this archive
     */
    String location(RunId run);

    /**
     * The path of one of the archive's runs below the archive's location.
     *
     * @param run a run of this archive, which need not exist
     * @return the end of the id, with its trailing slash
     * @throws IllegalArgumentException if the id cannot be one of this archive
     */
    String path(RunId run);

    /**
     * The folder that the archive is, if it is a local one.
     *
     * @return its absolute path; empty for an archive in S3
     */
    Optional<Path> folder();

    /** Releases what the archive opened itself. Streams of files that are still open stay so. */
    @Override
    void close();

    /** What an archive is opened with. */
    final class Builder {
        private static final Logger log = LoggerFactory.getLogger(RunArchive.class);
        private static final Pattern OTHER_URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*", Pattern.DOTALL);

        private final String location;
        private final @Nullable ArchiveFolder folder;
        private @Nullable S3Client client;
        private @Nullable Region region;
        private @Nullable URI endpoint;
        private RunLayout layout = RunLayout.DEFAULT;
        private Readiness readiness = Readiness.NO_RULES;
        private Consumer<String> onForeign = what -> log.warn("left out of the runs: {}", what);

        private Builder(String location) {
            if (location.isBlank()) {
                throw new IllegalArgumentException("an archive's location cannot be blank; '.' is the working folder");
            }
            if (S3Location.isMeantBy(location)) {
                S3Location.parse(location);
            } else if (OTHER_URI.matcher(location).matches()) {
                throw new IllegalArgumentException(
                        "cannot open the archive '%s': want a local folder such as %s, or a place in S3 such as %s"
                                .formatted(location, "/data/enriched/archive", "s3://bucket/enriched/archive/"));
            }
            this.location = location;
            this.folder = null;
        }

        private Builder(ArchiveFolder folder) {
            this.location = folder.location();
            this.folder = folder;
        }

        /**
         * Which folders are runs; by default {@link RunLayout#DEFAULT}.
         *
         * @param layout the layout of the archive
         * @return this builder
         */
        public Builder layout(RunLayout layout) {
            this.layout = Objects.requireNonNull(layout, "layout");
            return this;
        }

        /**
         * Who is told of the folders and files that a listing leaves out because they are no runs; by default the log, as
         * warnings.
         *
         * @param onForeign takes one line for each, such as {@code notes.txt: not a folder}: the
         *     path below the archive's folder, then the reason; called by the thread that reads the stream of runs
         * @return this builder
         */
        public Builder onForeign(Consumer<String> onForeign) {
            this.onForeign = Objects.requireNonNull(onForeign, "onForeign");
            return this;
        }

        /**
         * How long nothing in a run may have been modified before it is ready; by default it is ready at once. Every file
         * in the run counts, also those that are no input files.
         *
         * @param period the least age of the newest file; zero for none
         * @return this builder
         * @throws IllegalArgumentException if the period is negative
         */
        public Builder quietPeriod(Duration period) {
            readiness = readiness.withQuietPeriod(period);
            return this;
        }

        /**
         * The file that must be in a run's folder before the run is ready, such as {@code _SUCCESS}; by default none. It
         * is never an input file. A run without it is not ready even if it has no files at all.
         *
         * @param name the file's name
         * @return this builder
         * @throws IllegalArgumentException if the text is no name of a file
         */
        public Builder readyMarker(String name) {
            readiness = readiness.withMarker(name);
            return this;
        }

        /**
         * Says that a run is ready only when a run that started later is there; by default it need not be. For a pipeline
         * that begins a run when it has ended the one before. It may cost one request more for an inspection.
         *
         * @return this builder
         */
        public Builder readyWhenFollowed() {
            readiness = readiness.whenFollowed();
            return this;
        }

        /**
         * The client to ask S3 with; by default one is made when it is first needed, with the region and the credentials of
         * the SDK's own chain.
         *
         * @param client the caller's, who closes it when the archive and all its streams are closed
         * @return this builder
         */
        public Builder client(S3Client client) {
            this.client = Objects.requireNonNull(client, "client");
            return this;
        }

        /**
         * The region of the bucket; by default that of the SDK's own chain, such as {@code AWS_REGION}.
         *
         * @param region the region's name, such as {@code eu-west-1}
         * @return this builder
         */
        public Builder region(String region) {
            this.region = Region.of(region);
            return this;
        }

        /**
         * The server to ask instead of Amazon's, with the bucket in the path; by default that of the SDK's own chain, such
         * as {@code AWS_ENDPOINT_URL_S3}.
         *
         * @param endpoint the server's URL, such as {@code http://localhost:9000}
         * @return this builder
         */
        public Builder endpoint(URI endpoint) {
            this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
            return this;
        }

        /**
         * The clock that a quiet period is measured by; by default the system's.
         *
         * @param clock tells the present time
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            readiness = readiness.withClock(clock);
            return this;
        }

        /**
         * Opens the archive. Nothing is asked of S3 yet.
         *
         * @return the archive; the caller closes it
         * @throws IllegalArgumentException if a client was given and its region or endpoint too, or any of them for a local
         *     folder
         * @throws java.nio.file.NoSuchFileException if there is no folder at a local location
         * @throws IOException if what is there is no folder or cannot be reached
         */
        public RunArchive open() throws IOException {
            boolean configured = region != null || endpoint != null;
            if (client != null && configured) {
                throw new IllegalArgumentException("a client has its region and endpoint, none can be given beside it");
            }
            if (folder == null && S3Location.isMeantBy(location)) {
                S3Storage storage = new S3Storage(S3Location.parse(location), connection(), onForeign);
                return new StoredArchive(storage, layout, readiness, onForeign);
            }
            if (client != null || configured) {
                throw new IllegalArgumentException("'%s' is %s: it has no client, region or endpoint"
                        .formatted(location, folder == null ? "a local folder" : "a folder of another file system"));
            }
            if (folder != null) {
                return new StoredArchive(new FolderStorage(folder), layout, readiness, onForeign);
            }
            return new StoredArchive(LocalStorage.open(Path.of(location)), layout, readiness, onForeign);
        }

        private S3Connection connection() {
            S3Client given = client;
            return given != null ? S3Connection.to(given) : S3Connection.own(region, endpoint);
        }
    }
}
