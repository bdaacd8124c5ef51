package io.waybill.manifest.dynamodb;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.StoreSchemaMismatchException;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.StoreLocation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * A store in one table of DynamoDB. Every read is strongly consistent, every write has a condition. Safe for use by many
 * threads.
 *
 * <p>Nothing is sent before it is needed. Where the layout was not said, the first operation asks for the table's
 * description, once.
 */
public final class DynamoDbRunManifestStore implements RunManifestStore {

    private final Table table;
    private final Runnable closing;
    private final String job;
    private final @Nullable Layout wanted;
    private final Creation creation;
    private final @Nullable Collection<TransactWriteItem> transaction;
    private volatile @Nullable RunItems items;

    /** How the records lie in the table. */
    public enum Layout {
        /**
         * Waybill's own: hash key {@code Job}, range key {@code RunId}. Any number of jobs in a table; what is new among
         * many known runs is asked in few requests.
         */
        NATIVE,
        /**
         * That of Snowplow's Python and Scala Analytics SDKs: hash key {@code RunId} alone, one job. Those SDKs may go on
         * with the table meanwhile: they see every run that is done, and what they add counts as processed.
         */
        SEED
    }

    private DynamoDbRunManifestStore(Builder builder) {
        this.job = builder.job;
        this.wanted = builder.layout;
        String where = "DynamoDB table %s job %s".formatted(builder.table, job);
        this.table = new Table(builder.client, builder.table, where, builder.host);
        this.closing = builder.closing;
        this.creation = new Creation(builder.deletionProtection, builder.pointInTimeRecovery, builder.tags);
        this.transaction = null;
        if (wanted != null) {
            items = itemsOf(wanted);
        }
    }

    private DynamoDbRunManifestStore(DynamoDbRunManifestStore own, Collection<TransactWriteItem> transaction) {
        this.job = own.job;
        this.wanted = own.wanted;
        this.table = own.table;
        this.closing = () -> {};
        this.creation = own.creation;
        this.transaction = transaction;
        this.items = own.items;
    }

    /**
     * Begins a store with the user's client, which stays the user's to close.
     *
     * @param client sends the requests; its retries are safe here, and its time-outs hold
     * @param table the table's name: 3 to 255 letters, digits, dots, hyphens and underscores
     * @return a builder
     */
    public static Builder builder(DynamoDbClient client, String table) {
        return new Builder(() -> client, () -> {}, table);
    }

    static Builder builder(Supplier<DynamoDbClient> client, Runnable closing, String table) {
        return new Builder(client, closing, table);
    }

    /**
     * The same table and job with writes that are left to a transaction of the caller's, so that a record and whatever else
     * the transaction writes are stored together, or not at all.
     *
     * <p>{@link #compareAndPut} adds what the transaction must do, at most two items, and answers true; nothing is written
     * before the caller sends the transaction. It is cancelled as a whole if the record has another version by then, with
     * {@code ConditionalCheckFailed} as the reason at the place of an item added here. Reads ask the table, and so do not see
     * what was added: a transaction can change a run once. {@link #create} only verifies.
     *
     * <p>On the layout {@link Layout#SEED} what is added depends on where the record lies, so it is read first; a version
     * that another has written is then answered with false at once.
     *
     * @param transaction where items are added, in the order of the calls; as safe for use by several threads as it is
     * @return the store, for {@link io.waybill.manifest.RunManifest#over}; closing it does nothing
     */
    public RunManifestStore joining(Collection<TransactWriteItem> transaction) {
        return new DynamoDbRunManifestStore(this, transaction);
    }

    @Override
    public boolean isJoined() {
        return transaction != null;
    }

    /**
     * Makes the table if it is missing, with on-demand billing and in Waybill's own layout unless another was said, waits
     * until it is usable, and verifies its key.
     */
    @Override
    public void create() {
        TableShape shape = new TableShape(table, wanted);
        items = itemsOf(transaction == null ? shape.ensure(creation) : shape.layout());
    }

    @Override
    public Optional<RunRecord> find(RunId run) {
        return items().find(run);
    }

    @Override
    public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
        return items().findAll(List.copyOf(new LinkedHashSet<>(runs)));
    }

    @Override
    public boolean compareAndPut(RunRecord next) {
        if (transaction == null) {
            return items().compareAndPut(next);
        }
        List<TransactWriteItem> changes = items().changes(next);
        transaction.addAll(changes);
        return !changes.isEmpty();
    }

    /**
     * The records of a range: on the native layout a query, page by page as the stream is read; on the older SDKs' layout
     * a scan of the whole table, held and sorted in memory.
     */
    @Override
    public Stream<RunRecord> list(RunRange range) {
        return items().list(range);
    }

    /** The service's clock, as its answers tell it in their {@code Date} header; without one, the host's. */
    @Override
    public Instant now() {
        return table.now(items()::anyRead);
    }

    @Override
    public void close() {
        closing.run();
    }

    /** The table and the job. */
    @Override
    public String toString() {
        return transaction == null ? table.where : table.where + " joined";
    }

    private RunItems items() {
        RunItems known = items;
        if (known == null) {
            known = itemsOf(new TableShape(table, null).layout());
            items = known;
        }
        return known;
    }

    private RunItems itemsOf(Layout layout) {
        if (layout == Layout.NATIVE) {
            return new NativeItems(table, job);
        }
        if (!job.equals(StoreLocation.DEFAULT_JOB)) {
            throw new StoreSchemaMismatchException(
                    "%s: a table in the older SDKs' layout holds one job, which has no name: leave the job out, or use a table of its own"
                            .formatted(table.where));
        }
        return new SeedItems(table);
    }

    /** Builds a {@link DynamoDbRunManifestStore}. Not safe for use by several threads. */
    public static final class Builder {

        private static final Pattern TABLE = Pattern.compile("[A-Za-z0-9_.-]{3,255}");

        private final Supplier<DynamoDbClient> client;
        private final Runnable closing;
        private final String table;
        private String job = StoreLocation.DEFAULT_JOB;
        private @Nullable Layout layout;
        private boolean deletionProtection;
        private boolean pointInTimeRecovery;
        private Map<String, String> tags = Map.of();
        private InstantSource host = InstantSource.system();

        private Builder(Supplier<DynamoDbClient> client, Runnable closing, String table) {
            if (!TABLE.matcher(table).matches()) {
                throw new IllegalArgumentException(
                        "'%s' is no table name, want 3 to 255 letters, digits, dots, hyphens and underscores"
                                .formatted(table));
            }
            this.client = client;
            this.closing = closing;
            this.table = table;
        }

        /**
         * Sets the job whose records the store holds; {@value StoreLocation#DEFAULT_JOB} by default, and nothing else in
         * the layout {@link Layout#SEED}.
         *
         * @param job 1 to 255 characters
         * @return this builder
         */
        public Builder job(String job) {
            if (job.isBlank() || job.length() > 255) {
                throw new IllegalArgumentException("'%s' is no job name, want 1 to 255 characters".formatted(job));
            }
            this.job = job;
            return this;
        }

        /**
         * Sets the layout: the one to make, and the only one to accept. By default {@link Layout#NATIVE} is made and either
         * is accepted, which is asked for before the first operation.
         *
         * @param layout the layout
         * @return this builder
         */
        public Builder layout(Layout layout) {
            this.layout = layout;
            return this;
        }

        /**
         * Sets whether a table that {@link DynamoDbRunManifestStore#create} makes is protected from being deleted; false by
         * default.
         *
         * @param deletionProtection true to protect it
         * @return this builder
         */
        public Builder deletionProtection(boolean deletionProtection) {
            this.deletionProtection = deletionProtection;
            return this;
        }

        /**
         * Sets whether a table that {@link DynamoDbRunManifestStore#create} makes can be restored to any second of the last
         * weeks; false by default, as it is charged for. Where that is refused, {@code create} fails and the table is there
         * without it.
         *
         * @param pointInTimeRecovery true for continuous backups
         * @return this builder
         */
        public Builder pointInTimeRecovery(boolean pointInTimeRecovery) {
            this.pointInTimeRecovery = pointInTimeRecovery;
            return this;
        }

        /**
         * Sets the tags of a table that {@link DynamoDbRunManifestStore#create} makes; none by default.
         *
         * @param tags values by their keys
         * @return this builder
         */
        public Builder tags(Map<String, String> tags) {
            this.tags = new TreeMap<>(tags);
            return this;
        }

        /** Sets the host's clock, which a test can have wrong. */
        Builder host(InstantSource host) {
            this.host = host;
            return this;
        }

        /**
         * The store. Nothing is sent yet.
         *
         * @return a store with these settings
         */
        public DynamoDbRunManifestStore build() {
            return new DynamoDbRunManifestStore(this);
        }
    }
}
