package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.ClaimResult;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OutputFolderTest {

    private static final RunId RUN = new RunId("run=2026-03-01-00-00-00/");
    private static final Set<Thread.State> WAITING =
            Set.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING);

    @TempDir
    private Path root;

    private final RunManifestStore store = RunManifestStores.open("memory:");
    private OutputFolder output;
    private RunManifest manifest;

    @BeforeEach
    void open() throws IOException {
        store.create();
        output = OutputFolder.open(root, "/archive", RunId::key);
        manifest = RunManifest.builder(store).listener(output).build();
    }

    @AfterEach
    void close() throws IOException {
        output.close();
        assertThat(works()).isEmpty();
    }

    // Publication.

    @Test
    void aStagedRunIsNotVisibleUntilItIsPublished() throws IOException {
        Claim claim = claim(manifest);
        Path stage = staged(output, "part-0", "one");
        assertThat(visible()).isEmpty();

        publish(output, claim, stage);

        assertThat(visible()).containsExactly("run=2026-03-01-00-00-00");
        assertThat(Workbench.namesIn(output.target(RUN))).containsExactly(OutputFolder.MARKER, "part-0");
        assertThat(output.target(RUN).resolve("part-0")).hasContent("one");
    }

    @Test
    void aPublicationIsNeverSeenInPart() throws Exception {
        Claim claim = claim(manifest);
        Path stage = output.stage();
        for (int i = 0; i < 500; i++) {
            Files.writeString(stage.resolve("part-" + i), "one of many");
        }
        Path target = output.target(RUN);

        Thread publisher = inThread(() -> publish(output, claim, stage));
        List<String> firstSeen = Workbench.namesIn(target);
        while (firstSeen.isEmpty() && (publisher.isAlive() || Files.exists(target))) {
            firstSeen = Workbench.namesIn(target);
        }
        publisher.join();

        assertThat(firstSeen).hasSize(501).contains(OutputFolder.MARKER);
    }

    @Test
    void aPublicationReplacesAnEarlierOneAsAWhole() throws IOException {
        Claim claim = claim(manifest);
        Path first = staged(output, "part-0", "old");
        Files.writeString(Files.createDirectory(first.resolve("bad")).resolve("part-0"), "old");
        publish(output, claim, first);

        publish(output, claim, staged(output, "part-1", "new"));

        assertThat(Workbench.namesIn(output.target(RUN))).containsExactly(OutputFolder.MARKER, "part-1");
        assertThat(Workbench.namesIn(works().get(0))).containsExactly("lock");
    }

    @Test
    void aPublicationThatFailsLeavesTheEarlierOneInItsPlace() throws IOException {
        Claim claim = claim(manifest);
        publish(output, claim, staged(output, "part-0", "old"));
        Path stage = staged(output, "part-0", "new");

        assertThatThrownBy(() -> output.publish(claim, stage, () -> output.discard(stage)))
                .isInstanceOf(NoSuchFileException.class);

        assertThat(output.target(RUN).resolve("part-0")).hasContent("old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"folder", "file"})
    void whatIsNoPublicationIsNotReplaced(String what) throws IOException {
        Path foreign = output.target(RUN);
        if (what.equals("file")) {
            Files.writeString(foreign, "mine");
        } else {
            Files.writeString(Files.createDirectory(foreign).resolve("part-0"), "mine");
        }
        Map<String, String> before = Workbench.content(foreign);
        Path stage = staged(output, "part-0", "new");

        assertThatThrownBy(() -> publish(output, claim(manifest), stage))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(foreign.toString())
                .hasMessageContaining("was not published by waybill")
                .hasMessageContaining("move it away");

        assertThat(Workbench.content(foreign)).isEqualTo(before);
        output.discard(stage);
        assertThat(stage).doesNotExist();
    }

    @Test
    void whatAnotherArchivePublishedIsNotReplaced() throws IOException {
        try (OutputFolder others = OutputFolder.open(root, "/other archive", RunId::key)) {
            publish(others, claim(manifest), staged(others, "part-0", "theirs"));
        }
        manifest.forget(RUN);
        Path stage = staged(output, "part-0", "mine");

        assertThatThrownBy(() -> publish(output, claim(manifest), stage))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/other archive")
                .hasMessageContaining("choose another output folder");

        assertThat(output.target(RUN).resolve("part-0")).hasContent("theirs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil/", "a/../../evil/", "./", "a/../"})
    void aRunThatLeavesTheFolderHasNoPlace(String run) {
        assertThatThrownBy(() -> output.target(new RunId(run)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(run)
                .hasMessageContaining(root.toString());
    }

    @Test
    void theClaimIsRenewedUnderTheLockThatAllProcessesShare() throws IOException {
        AtomicBoolean locked = new AtomicBoolean();
        output.publish(claim(manifest), staged(output, "part-0", "one"), () -> locked.set(isLockedByThisProcess()));
        assertThat(locked).isTrue();
    }

    @Test
    void aPublicationWaitsForAnotherProcessThatHoldsTheLock() throws Exception {
        Claim claim = claim(manifest);
        Path stage = staged(output, "part-0", "one");
        AtomicBoolean renewed = new AtomicBoolean();
        try (Child holder = new Child("lock", root.toString())) {
            Thread publisher = inThread(() -> output.publish(claim, stage, () -> renewed.set(true)));
            await(publisher, Set.of(Thread.State.TIMED_WAITING, Thread.State.TERMINATED));
            assertThat(renewed).isFalse();
            assertThat(visible()).isEmpty();
            holder.end();
            publisher.join();
        }
        assertThat(renewed).isTrue();
        assertThat(visible()).hasSize(1);
    }

    // A claim that was lost.

    @Test
    void whoeverHasLostTheClaimBeforePublishesNothing() throws IOException {
        Claim late = claim(manifest);
        Path stage = staged(output, "part-0", "late");
        RunManifest.over(store).add(RUN);

        assertThatThrownBy(() -> publish(output, late, stage)).isInstanceOf(ClaimLostException.class);

        assertThat(visible()).isEmpty();
    }

    @Test
    void whoeverLosesTheClaimAfterwardsWithdrawsThePublication() throws IOException {
        Claim late = claim(manifest);
        publish(output, late, staged(output, "part-0", "late"));
        RunManifest.over(store).add(RUN);
        assertThat(visible()).hasSize(1);

        assertThatThrownBy(() -> manifest.commit(late, Map.of())).isInstanceOf(ClaimLostException.class);

        assertThat(visible()).isEmpty();
        assertThat(Workbench.namesIn(works().get(0))).containsExactly("lock");
    }

    @Test
    void theWinnersPublicationStays() throws IOException {
        Claim late = claim(manifest);
        publish(output, late, staged(output, "part-0", "late"));
        try (OutputFolder winnersOutput = OutputFolder.open(root, "/archive", RunId::key)) {
            RunManifest winner =
                    RunManifest.builder(store).listener(winnersOutput).build();
            winner.forget(RUN);
            Claim won = claim(winner);
            winnersOutput.publish(won, staged(winnersOutput, "part-0", "won"), () -> winner.renew(won));

            assertThatThrownBy(() -> manifest.commit(late, Map.of())).isInstanceOf(ClaimLostException.class);

            winner.commit(won, Map.of());
        }
        assertThat(output.target(RUN).resolve("part-0")).hasContent("won");
    }

    @Test
    void aPublicationThatWasCommittedIsNeverWithdrawn() throws IOException {
        Claim claim = claim(manifest);
        publish(output, claim, staged(output, "part-0", "one"));
        manifest.commit(claim, Map.of());
        output.lost(claim, someLoss());
        assertThat(visible()).hasSize(1);
    }

    @Test
    void newsOfALossDuringAPublicationWaitForItAndWithdrawIt() throws Exception {
        Claim claim = claim(manifest);
        Path stage = staged(output, "part-0", "one");
        ClaimLostException why = someLoss();
        Thread teller = new Thread(() -> output.lost(claim, why));

        Thread publisher = inThread(() -> output.publish(claim, stage, () -> {
            teller.start();
            await(teller, WAITING);
        }));

        publisher.join();
        teller.join();
        assertThat(visible()).isEmpty();
    }

    @Test
    void aHeartbeatThatLosesTheClaimDuringAPublicationEndsBoth() throws Exception {
        Claim claim = claim(manifest);
        Path stage = staged(output, "part-0", "one");
        Thread heartbeat = new Thread(() -> {
            try {
                manifest.renew(claim); // tells the output, which is busy publishing
            } catch (ClaimLostException e) {
                assertThat(claim.isLost()).isTrue();
            }
        });

        Thread publisher = inThread(() -> {
            try {
                output.publish(claim, stage, () -> {
                    RunManifest.over(store).add(RUN);
                    heartbeat.start();
                    await(heartbeat, WAITING);
                    manifest.renew(claim);
                });
            } catch (ClaimLostException e) {
                assertThat(claim.isLost()).isTrue();
            }
        });

        publisher.join();
        heartbeat.join();
        assertThat(visible()).isEmpty();
    }

    // What a process leaves behind.

    @Test
    void theWorkOfALivingProcessStaysAndThatOfAKilledOneIsRemoved() throws Exception {
        List<Path> before = works();
        try (Child other = new Child("open", root.toString())) {
            List<Path> others = works();
            others.removeAll(before);
            assertThat(others).hasSize(1);
            reopen();
            assertThat(works()).hasSize(2).containsAll(others);
            assertThat(others.get(0).resolve("1/part-0")).hasContent("half");
            other.kill();
            assertThat(works()).hasSize(2);
        }
        reopen();
        assertThat(works()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"with a lock", "without a lock"})
    void aWorkFolderThatNobodyHoldsIsRemoved(String lock) throws IOException {
        // a process that is the only one in its container always has the same number, and so had its predecessor
        Path left = root.resolve(".waybill-work-" + ProcessHandle.current().pid() + "-0000");
        Files.writeString(Files.createDirectories(left.resolve("1/bad")).resolve("part-0"), "half");
        if (lock.equals("with a lock")) {
            Files.createFile(left.resolve("lock"));
        }
        reopen();
        assertThat(left).doesNotExist();
        assertThat(works()).hasSize(1);
    }

    @Test
    void processesThatComeAndGoDoNotDisturbEachOther() throws Exception {
        try (Child one = new Child("churn", root.toString());
                Child two = new Child("churn", root.toString());
                Child three = new Child("churn", root.toString())) {
            one.end();
            two.end();
            three.end();
        }
    }

    private void reopen() throws IOException {
        output.close();
        output = OutputFolder.open(root, "/archive", RunId::key);
    }

    private static Claim claim(RunManifest manifest) {
        ClaimResult answer = manifest.claim(RUN, RunProcessor.DEFAULT_LEASE);
        assertThat(answer).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) answer).claim();
    }

    /** What a manifest says of a claim that was lost, here on another run. */
    private ClaimLostException someLoss() {
        RunManifest other = RunManifest.over(store);
        ClaimResult.Granted granted =
                (ClaimResult.Granted) other.claim(new RunId("other/"), RunProcessor.DEFAULT_LEASE);
        other.add(granted.claim().run());
        return catchThrowableOfType(ClaimLostException.class, () -> other.renew(granted.claim()));
    }

    private void publish(OutputFolder output, Claim claim, Path stage) throws IOException {
        output.publish(claim, stage, () -> manifest.renew(claim));
    }

    private static Path staged(OutputFolder output, String file, String text) throws IOException {
        Path stage = output.stage();
        Files.writeString(stage.resolve(file), text);
        return stage;
    }

    private boolean isLockedByThisProcess() {
        try (FileChannel channel = FileChannel.open(root.resolve(".waybill-lock"), StandardOpenOption.WRITE)) {
            channel.tryLock();
            return false;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> visible() throws IOException {
        return Workbench.namesIn(root).stream()
                .filter(name -> !name.startsWith("."))
                .toList();
    }

    private List<Path> works() throws IOException {
        return Workbench.namesIn(root).stream()
                .filter(name -> name.startsWith(".waybill-work"))
                .map(root::resolve)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private interface Task {
        void run() throws IOException;
    }

    private static Thread inThread(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        thread.start();
        return thread;
    }

    private static void await(Thread thread, Set<Thread.State> states) {
        while (!states.contains(thread.getState()) && thread.isAlive()) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    /** Another process that uses the folder, until it is told to end. */
    static final class Child implements AutoCloseable {

        private final Process process;

        Child(String... words) throws IOException {
            List<String> command = Workbench.java(List.of());
            command.add(Child.class.getName());
            command.addAll(List.of(words));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(process.getInputStream().read()).isEqualTo('!');
        }

        /** Tells it to end, which it does without a complaint. */
        void end() throws IOException, InterruptedException {
            process.getOutputStream().close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() throws InterruptedException {
            kill();
        }

        public static void main(String[] words) throws IOException {
            Path root = Path.of(words[1]);
            switch (words[0]) {
                case "open" -> {
                    try (OutputFolder output = OutputFolder.open(root, "/archive", RunId::key)) {
                        staged(output, "part-0", "half");
                        waitForEnd();
                    }
                }
                case "lock" -> {
                    try (FileChannel channel = FileChannel.open(
                            root.resolve(".waybill-lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                        channel.lock();
                        waitForEnd();
                    }
                }
                default -> {
                    System.out.write('!');
                    System.out.flush();
                    for (int i = 0; i < 500; i++) {
                        try (OutputFolder output = OutputFolder.open(root, "/archive", RunId::key)) {
                            staged(output, "part-0", "half");
                        }
                    }
                }
            }
        }

        private static void waitForEnd() throws IOException {
            System.out.write('!');
            System.out.flush();
            assertThat(System.in.read()).isEqualTo(-1);
        }
    }
}
