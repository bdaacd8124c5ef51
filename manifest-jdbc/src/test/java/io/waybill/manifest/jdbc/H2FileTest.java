package io.waybill.manifest.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.CorruptRecordException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunState;
import io.waybill.manifest.StoreAccessDeniedException;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.StoreSchemaMismatchException;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.tck.Race;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of H2 as a store: what can be there in its place, and who may use it at the same time. */
@Timeout(300)
class H2FileTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");
    private static final Duration LEASE = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    private final List<RunManifestStore> opened = new ArrayList<>();

    @AfterEach
    void closeStores() {
        opened.forEach(RunManifestStore::close);
    }

    private String url() {
        return "jdbc:h2:file:" + folder.resolve("runs");
    }

    private Path file() {
        return folder.resolve("runs.mv.db");
    }

    private RunManifestStore open(Map<String, String> options) {
        RunManifestStore store = RunManifestStores.open(url(), options);
        opened.add(store);
        return store;
    }

    private RunManifestStore open() {
        return open(Map.of());
    }

    private RunManifest created() {
        RunManifest manifest = RunManifest.over(open());
        manifest.create();
        return manifest;
    }

    /** Runs statements as the administrator, outside of any store. */
    private void sql(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    // no file, or not ours

    @Test
    void aStoreThatWasNotCreatedIsMissingAndLeavesNoFileBehind() throws IOException {
        RunManifestStore store = open();
        RunManifest manifest = RunManifest.over(store);
        List<Callable<?>> operations = List.of(
                () -> manifest.contains(RUN),
                () -> manifest.add(RUN),
                () -> manifest.claim(RUN, LEASE),
                () -> manifest.pending(Stream.of(RUN)).toList(),
                () -> manifest.records(RunRange.all()).toList(),
                store::now);
        for (Callable<?> operation : operations) {
            assertThatThrownBy(operation::call)
                    .isInstanceOf(StoreMissingException.class)
                    .hasMessage(url() + " table waybill_run job default: the store does not exist, create it first");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void creatingItMakesTheFoldersItLiesIn() {
        RunManifestStore store = RunManifestStores.open("jdbc:h2:" + folder.resolve("a/b/runs"));
        opened.add(store);
        store.create();
        assertThat(folder.resolve("a/b/runs.mv.db")).isRegularFile();
        assertThat(store.find(RUN)).isEmpty();
    }

    @Test
    void aFileWithoutTheTableIsAMissingStore() throws SQLException {
        sql("CREATE TABLE another (id INT)");
        assertThatThrownBy(() -> open().find(RUN)).isInstanceOf(StoreMissingException.class);
        assertThat(created().add(RUN)).isTrue();
    }

    @Test
    void aFolderThatCannotBeMadeIsAClearError() throws IOException {
        Files.writeString(folder.resolve("taken"), "a file");
        RunManifestStore store = RunManifestStores.open("jdbc:h2:" + folder.resolve("taken/runs"));
        opened.add(store);
        assertThatThrownBy(store::create)
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("jdbc:h2:" + folder.resolve("taken/runs") + " table waybill_run job default: ")
                .hasMessageNotContaining("damaged")
                .hasMessageContaining("the folder of the database file cannot be made");
    }

    @Test
    void aFileOfGarbageIsNoDatabaseAndIsLeftAsItIs() throws IOException {
        byte[] garbage = new byte[100_000];
        new Random(20170415).nextBytes(garbage);
        Files.write(file(), garbage);

        assertDamaged();
        assertThat(file()).hasBinaryContent(garbage);
    }

    @Test
    void aTextFileIsNoDatabaseAndIsLeftAsItIs() throws IOException {
        Files.writeString(file(), "these are my notes\n".repeat(1000));
        assertDamaged();
        assertThat(file()).hasContent("these are my notes\n".repeat(1000));
    }

    // H2 writes behind its header, and falls back to the last whole state that it finds there: these find none
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 5000})
    void aFileThatWasCutToItsHeaderIsAnErrorAndNeverAnEmptyStore(int bytes) throws IOException {
        RunManifest manifest = created();
        manifest.add(RUN);
        byte[] cut = Arrays.copyOf(Files.readAllBytes(file()), bytes);
        Files.write(file(), cut);

        List<Callable<?>> operations = List.of(
                () -> manifest.contains(RUN),
                () -> manifest.add(RUN),
                () -> created().add(RUN));
        for (Callable<?> operation : operations) {
            assertThatThrownBy(operation::call)
                    .isInstanceOfAny(StoreSchemaMismatchException.class, StoreUnavailableException.class)
                    .hasMessageStartingWith(url() + " table waybill_run job default: ")
                    .hasMessageContaining("runs.mv.db");
        }
        assertThat(file()).hasBinaryContent(cut);
    }

    private void assertDamaged() {
        RunManifest manifest = RunManifest.over(open());
        List<Callable<?>> operations =
                List.of(() -> created().add(RUN), () -> manifest.contains(RUN), () -> manifest.add(RUN));
        for (Callable<?> operation : operations) {
            assertThatThrownBy(operation::call)
                    .isInstanceOf(StoreSchemaMismatchException.class)
                    .hasMessageStartingWith(
                            url() + " table waybill_run job default: the file is damaged, or is no database");
        }
    }

    // tables of another shape

    @Test
    void aTableWithoutOneOfTheColumnsIsNotOurs() throws SQLException {
        created().add(RUN);
        sql("ALTER TABLE waybill_run DROP COLUMN details");
        RunManifest manifest = RunManifest.over(open());
        List<Callable<?>> operations = List.of(
                () -> created().add(RUN),
                () -> manifest.contains(RUN),
                () -> manifest.claim(RUN, LEASE),
                () -> manifest.records(RunRange.all()).toList());
        for (Callable<?> operation : operations) {
            assertThatThrownBy(operation::call)
                    .isInstanceOf(StoreSchemaMismatchException.class)
                    .hasMessageStartingWith(url() + " table waybill_run job default: the table has another shape")
                    .hasMessageContaining("DETAILS");
        }
    }

    @Test
    void aTableOfAnotherKeyIsNotOurs() throws SQLException {
        created();
        sql("ALTER TABLE waybill_run DROP PRIMARY KEY", "ALTER TABLE waybill_run ADD PRIMARY KEY (run_id)");
        assertThatThrownBy(this::created)
                .isInstanceOf(StoreSchemaMismatchException.class)
                .hasMessage(url() + " table waybill_run job default: the table's primary key is [run_id],"
                        + " want [job, run_id]");

        sql("ALTER TABLE waybill_run DROP PRIMARY KEY");
        assertThatThrownBy(this::created)
                .isInstanceOf(StoreSchemaMismatchException.class)
                .hasMessageContaining("the table's primary key is [], want [job, run_id]");
    }

    @Test
    void anotherProgramsTableOfThatNameIsNotOurs() throws SQLException {
        sql("CREATE TABLE waybill_run (id INT PRIMARY KEY, name VARCHAR)");
        assertThatThrownBy(this::created)
                .isInstanceOf(StoreSchemaMismatchException.class)
                .hasMessageContaining("the table has another shape than this version reads");
    }

    @Test
    void aRowThatIsNoRecordIsCorruptAndNamed() throws SQLException {
        RunManifest manifest = created();
        manifest.add(RUN);
        sql("UPDATE waybill_run SET state = 'DONE'");
        assertThatThrownBy(() -> manifest.contains(RUN))
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageStartingWith(
                        url() + " table waybill_run job default: run '" + RUN + "': the stored row is no record: ")
                .hasMessageContaining("DONE");

        sql("UPDATE waybill_run SET state = 'PROCESSED', details = '[]'");
        assertThatThrownBy(() -> manifest.contains(RUN))
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining("details are no JSON object of strings");
        sql("UPDATE waybill_run SET details = '{}'");
        assertThat(manifest.contains(RUN)).isTrue();
    }

    // users

    @Test
    void aUserWithoutRightsIsDenied() throws SQLException {
        created().add(RUN);
        sql(
                "CREATE USER reader PASSWORD 'r'",
                "CREATE USER nobody PASSWORD 'n'",
                "GRANT SELECT ON waybill_run TO reader");

        RunManifest nobody = RunManifest.over(open(Map.of("user", "nobody", "password", "n")));
        assertThatThrownBy(() -> nobody.contains(RUN))
                .isInstanceOf(StoreAccessDeniedException.class)
                .hasMessageStartingWith(url() + " table waybill_run job default: the database refused access: ");

        RunManifest reader = RunManifest.over(open(Map.of("user", "reader", "password", "r")));
        assertThat(reader.contains(RUN)).isTrue();
        assertThatThrownBy(() -> reader.forget(RUN)).isInstanceOf(StoreAccessDeniedException.class);
        assertThat(reader.contains(RUN)).isTrue();
    }

    @Test
    void aUserWithRightsOnTheTableNeedsNoOthers() throws SQLException {
        created();
        sql("CREATE USER worker PASSWORD 'w'", "GRANT SELECT, INSERT, UPDATE ON waybill_run TO worker");
        RunManifest worker = RunManifest.over(open(Map.of("user", "worker", "password", "w")));
        worker.create(); // no right to make tables where the table is there
        assertThat(worker.add(RUN)).isTrue();
        assertThat(RunManifest.over(open()).contains(RUN)).isTrue();
    }

    @Test
    void aWrongPasswordIsDeniedAndNotShown() {
        created();
        RunManifest manifest = RunManifest.over(open(Map.of("user", "sa", "password", "s3cret")));
        assertThatThrownBy(() -> manifest.contains(RUN))
                .isInstanceOf(StoreAccessDeniedException.class)
                .hasMessageStartingWith(url() + " table waybill_run job default: the database refused access: ")
                .hasMessageNotContaining("s3cret");
    }

    // others who use the file

    @Test
    void aSecondStoreOnTheFileSeesWhatTheFirstWroteAndTheReverse() {
        RunManifest one = created();
        RunManifest other = RunManifest.over(open());
        for (int i = 0; i < 10; i++) {
            RunId run = new RunId("run-" + i);
            assertThat((i % 2 == 0 ? one : other).add(run)).isTrue();
            assertThat((i % 2 == 0 ? other : one).contains(run)).isTrue();
            assertThat((i % 2 == 0 ? other : one).add(run)).isFalse();
        }
    }

    @Test
    void aStoreThatIsReachedThroughALinkIsTheSame() throws IOException {
        RunManifest direct = created();
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        RunManifestStore store = RunManifestStores.open("jdbc:h2:file:" + link.resolve("runs"));
        opened.add(store);
        List<RunManifest> both = List.of(direct, RunManifest.over(store));

        List<Integer> added = Race.of(4, i -> {
            int mine = 0;
            for (int run = 0; run < 5; run++) {
                mine += both.get(i % 2).add(new RunId("run-" + run)) ? 1 : 0;
            }
            return mine;
        });

        assertThat(added.stream().mapToInt(i -> i).sum()).isEqualTo(5);
    }

    @Test
    void manyThreadsOverTwoStoresRaceForClaimsAndNoneIsGrantedTwice() {
        created();
        List<RunManifest> both = List.of(
                RunManifest.builder(open()).owner("one").build(),
                RunManifest.builder(open()).owner("other").build());
        Set<String> granted = ConcurrentHashMap.newKeySet();

        List<Integer> claims = Race.of(6, i -> {
            RunManifest manifest = both.get(i % 2);
            int mine = 0;
            for (int run = 0; run < 12; run++) {
                if (manifest.claim(new RunId("run-" + run), LEASE) instanceof ClaimResult.Granted answer) {
                    mine++;
                    assertThat(granted.add(
                                    answer.claim().run() + " " + answer.claim().fence()))
                            .as("granted once: %s", answer.claim())
                            .isTrue();
                    manifest.commit(answer.claim(), Map.of());
                }
            }
            return mine;
        });

        assertThat(claims.stream().mapToInt(i -> i).sum()).isEqualTo(12);
        try (RunManifestStore store = open()) {
            assertThat(store.list(RunRange.all()))
                    .hasSize(12)
                    .allMatch(record -> record.version() == 2 && record.state() == RunState.PROCESSED);
        }
    }

    @Test
    void anInterruptedThreadIsToldThatTheStoreIsUnavailableAndTheOthersGoOn() throws Exception {
        RunManifest manifest = created();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> manifest.add(RUN))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("interrupted while waiting for");
        assertThat(Thread.interrupted()).isTrue();

        assertThat(manifest.contains(RUN)).isFalse();
        assertThat(manifest.add(RUN)).isTrue();
    }

    @Test
    void aFileThatADyingProcessHasNotGivenUpYetIsWaitedFor() throws Exception {
        RunManifest manifest = created();
        FileChannel held;
        try (FileTurns.Turn turn = FileTurns.take(folder.resolve("runs.lock"))) { // so that no store has it open
            held = FileChannel.open(file(), StandardOpenOption.WRITE);
            held.lock();
        }
        FutureTask<Boolean> asked = new FutureTask<>(() -> manifest.contains(RUN));
        try (held) {
            Thread thread = new Thread(asked);
            thread.start();
            while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
        assertThat(asked.get(30, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFolderThatMustNotBeWrittenToIsAccessDenied() {
        Path system = Path.of("/sys"); // where not even an administrator makes files
        assumeThat(catchThrowable(() -> Files.createFile(system.resolve("runs.lock"))))
                .isInstanceOf(AccessDeniedException.class);
        try (RunManifestStore denied = RunManifestStores.open("jdbc:h2:file:" + system.resolve("runs"))) {
            assertThatThrownBy(denied::create)
                    .isInstanceOf(StoreAccessDeniedException.class)
                    .hasMessageEndingWith("no right to write /sys/runs.lock");
        }
    }
}
