package io.waybill.archive;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A place in S3 where the output of runs is published, each run as a whole.
 *
 * <p>What is written under a claim lies in a folder that has the claim's fence in its name, so that no two claims write the
 * same objects, and none of it can be seen before it is published. One object in the run's folder, {@value #MARKER}, says
 * which of the fences counts. It is replaced only on the condition that it is still what was read, and only by a higher
 * fence; so a worker that was paused for hours cannot bring back what its successor replaced.
 *
 * <pre>{@code
 * json/run=2017-04-11-10-00-00/_SUCCESS                   {"fence":7,"folder":"fence=7/","id":"…","archive":"…"}
 * json/run=2017-04-11-10-00-00/fence=7/part-00000.ndjson
 * }</pre>
 *
 * <p>Needs a server that honours {@code If-Match} and {@code If-None-Match} where it writes and deletes, as Amazon S3 does.
 * Safe for use by many threads.
 */
public final class S3Output implements AutoCloseable {

    /** The name of the object that says which fence of a run counts. */
    public static final String MARKER = "_SUCCESS";

    private final S3Location location;
    private final S3Connection connection;
    private final String archive;

    private S3Output(String location, String archive, S3Connection connection) {
        this.location = S3Location.parse(location);
        this.archive = Objects.requireNonNull(archive, "archive");
        this.connection = connection;
    }

    /**
     * Whether a text means a place in S3, such as {@code s3://bucket/json/} (also {@code s3a:} and {@code s3n:}).
     *
     * @param location any text
     * @return true if it begins with one of these schemes
     */
    public static boolean isMeantBy(String location) {
        return S3Location.isMeantBy(location);
    }

    /**
     * An output with a client of its own, which is made when it is first needed, with the region, the credentials and the
     * server of the SDK's own chain. Nothing is asked of S3 yet.
     *
     * @param location a place in S3
     * @param archive where the runs come from; what another archive published is not replaced
     * @return the output; the caller closes it
     * @throws IllegalArgumentException if the location is no place in S3
     */
    public static S3Output at(String location, String archive) {
        return new S3Output(location, archive, S3Connection.own(null, null));
    }

    /**
     * An output with a client of the caller's. Nothing is asked of S3 yet.
     *
     * @param location a place in S3
     * @param archive where the runs come from; what another archive published is not replaced
     * @param client the caller's, who closes it
     * @return the output; the caller closes it
     * @throws IllegalArgumentException if the location is no place in S3
     */
    public static S3Output at(String location, String archive, S3Client client) {
        return new S3Output(location, archive, S3Connection.to(client));
    }

    /**
     * Where the output is.
     *
     * @return {@code s3://bucket/} and the key, which ends in a slash
     */
    public String location() {
        return location.toString();
    }

    /**
     * Begins the output of a run under a claim. Takes one request.
     *
     * @param run the run's path below the output, which ends in a slash, as {@link RunArchive#path} gives it
     * @param fence the claim's fence
     * @return a draft, of which nothing can be seen yet; the caller closes it
     * @throws IllegalArgumentException if the path does not end in a slash
     * @throws IOException if what is published there must not be replaced, as another archive published it, or something
     *     that is no publication lies there, or it has the same fence or a higher one; or if S3 refuses or does not answer
     */
    public S3Draft begin(String run, long fence) throws IOException {
        if (!run.endsWith("/") || run.startsWith("/")) {
            throw new IllegalArgumentException("the path of a run is '%s', want one such as run=…/".formatted(run));
        }
        S3Draft draft = new S3Draft(new S3Writes(connection, location), location.prefix() + run, fence, archive);
        draft.requireReplaceable();
        return draft;
    }

    /**
     * Where a run's output is, as its marker says. Takes two requests.
     *
     * @param run the run's path below the output, with its trailing slash
     * @return the folder that the marker names, as {@link S3Draft#location} told it; empty if there is no marker of a
     *     publication, or nothing in the folder that it names
     * @throws IOException if S3 refuses or does not answer
     */
    public Optional<String> published(String run) throws IOException {
        return new S3Publications(connection, location).find(run);
    }

    /**
     * The runs that the archive has published here and that are not among those that one knows. Lists each folder down to a
     * depth, and reads the marker of each that is not known.
     *
     * @param isKnown tells by its path below the output, with its trailing slash, whether a run need not be looked at
     * @param depth how many folders the path of a run has, such as 1 for {@code run=…/}
     * @return the paths of the others
     * @throws IOException if S3 refuses or does not answer
     */
    public List<String> publishedBut(Predicate<String> isKnown, int depth) throws IOException {
        return new S3Publications(connection, location).unknown(isKnown, depth, archive);
    }

    /** Releases what the output opened itself. Drafts that are still open cannot be used any more. */
    @Override
    public void close() {
        connection.close();
    }

    @Override
    public String toString() {
        return "output " + location;
    }
}
