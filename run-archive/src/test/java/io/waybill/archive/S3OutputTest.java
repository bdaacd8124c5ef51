package io.waybill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Publishing runs in S3. */
@Timeout(120)
class S3OutputTest {

    private static final String RUN = "run=2017-04-11-10-00-00/";
    private static final String ROOT = "json/" + RUN;
    private static final String MARKER = ROOT + S3Output.MARKER;

    private final StubS3 s3 = TestClients.stub();
    private final S3Client client = TestClients.of(s3.endpoint());
    private final S3Output output = S3Output.at("s3a://bucket/json", "s3://bucket/archive/", client);

    @AfterEach
    void stop() {
        output.close();
        client.close();
        s3.close();
    }

    @Test
    void nothingIsSeenBeforeItIsPublishedAndThenTheMarkerSaysWhere() throws Exception {
        try (S3Draft draft = output.begin(RUN, 7)) {
            write(draft, "part-0", "one");
            write(draft, "bad/part-0", "two");
            assertThat(s3.keys("")).isEmpty();

            draft.publish(S3OutputTest::ours);
            assertThat(draft.location()).isEqualTo("s3://bucket/json/" + RUN + "fence=7/");
        }
        assertThat(s3.keys("")).containsExactly(MARKER, ROOT + "fence=7/bad/part-0", ROOT + "fence=7/part-0");
        assertThat(text(MARKER))
                .matches(
                        "\\{\"fence\":7,\"folder\":\"fence=7/\",\"id\":\"[0-9a-f-]{36}\",\"archive\":\"s3://bucket/archive/\"}\n");
        assertThat(text(ROOT + "fence=7/part-0")).isEqualTo("one");
        assertThat(s3.uploads()).isEmpty();
        assertThat(s3.requests())
                .as("a read, three for each object, the marker, two lists")
                .hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, S3Upload.PART - 1, S3Upload.PART, S3Upload.PART + 1, 3 * S3Upload.PART + 5})
    void anObjectOfAnySizeIsWholeAndSentInPartsOfBoundedSize(int size) throws Exception {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        try (S3Draft draft = output.begin(RUN, 1)) {
            try (OutputStream out = draft.create("part-0")) {
                int some;
                for (int at = 0; at < size; at += some) {
                    some = Math.min(size - at, 1 + (at + 30_011) % 1_065_521);
                    out.write(data, at, some);
                }
            }
            draft.publish(S3OutputTest::ours);
        }
        assertThat(s3.bytes(ROOT + "fence=1/part-0")).isEqualTo(data);
        assertThat(s3.largestBody()).isLessThanOrEqualTo(S3Upload.PART);
        assertThat(s3.count("PART ")).isEqualTo(Math.max(1, (size + S3Upload.PART - 1) / S3Upload.PART));
    }

    @Test
    void aLaterFenceReplacesWhatEarlierOnesPublishedOrLeft() throws Exception {
        s3.pageSize(2);
        publish(3, "part-0", "part-1", "part-2", "part-3", "part-4");
        s3.put(ROOT + "fence=5/part-0", new byte[1]).put(ROOT + "fence=09/part-0", new byte[1]);
        for (int i = 0; i < 5; i++) {
            write(output.begin(RUN, 6), "part-" + i, "of a worker that was killed");
        }
        s3.put(ROOT + "fence=12/part-0", new byte[1]).put(ROOT + "fence=x/part-0", new byte[1]);
        s3.put("json/run=2017-04-11-10-00-00-replay/fence=1/part-0", new byte[1]);

        publish(11, "part-0");

        assertThat(s3.keys("json/"))
                .containsExactly(
                        "json/run=2017-04-11-10-00-00-replay/fence=1/part-0",
                        MARKER,
                        ROOT + "fence=11/part-0",
                        ROOT + "fence=12/part-0",
                        ROOT + "fence=x/part-0");
        assertThat(text(MARKER)).contains("\"folder\":\"fence=11/\"");
        assertThat(s3.uploads()).isEmpty();
    }

    @Test
    void aReaderFindsWhatTheMarkerNamesAndOnlyIfItIsThere() throws Exception {
        assertThat(output.published(RUN)).isEmpty();
        publish(3, "part-0");
        s3.put(ROOT + "fence=4/part-0", new byte[1]);
        assertThat(output.published(RUN)).contains("s3://bucket/" + ROOT + "fence=3/");
        client.deleteObject(request -> request.bucket("bucket").key(ROOT + "fence=3/part-0"));
        assertThat(output.published(RUN)).isEmpty();
        s3.put(MARKER, new byte[0]); // as Spark writes it
        assertThat(output.published(RUN)).isEmpty();
    }

    @Test
    void whatTheArchiveHasPublishedAndNobodyKnowsIsFound() throws Exception {
        s3.pageSize(2);
        for (String path : List.of("a/1/", "a/2/", "a/b/c/", "d/", "known/1/")) {
            publish(output, path);
        }
        try (S3Output other = S3Output.at("s3://bucket/json/", "s3://bucket/other/", client)) {
            publish(other, "a/3/");
        }
        s3.put("json/e/_SUCCESS", new byte[0]).put("json/f/fence=1/part-0", new byte[1]);
        List<String> found = output.publishedBut(path -> path.startsWith("known/"), 2);
        assertThat(found).containsExactlyInAnyOrder("a/1/", "a/2/", "d/");
        assertThat(output.publishedBut(path -> false, 3)).contains("a/b/c/", "known/1/");
    }

    private void publish(S3Output into, String path) throws Exception {
        try (S3Draft draft = into.begin(path, 1)) {
            write(draft, "part-0", path);
            draft.publish(S3OutputTest::ours);
        }
    }

    @Test
    void keysMayHoldWhateverANameMay() throws Exception {
        String run = "ü +%2F&<\">/run=2017-04-11-10-00-00-é😀/";
        try (S3Output odd = S3Output.at("s3://bucket/j +%é", "/a\"r\\c\t😀", client)) {
            for (int fence = 1; fence < 4; fence++) {
                try (S3Draft draft = odd.begin(run, fence)) {
                    write(draft, "part 0+%é.gz", "one");
                    draft.publish(S3OutputTest::ours);
                }
            }
            assertThat(odd.location()).isEqualTo("s3://bucket/j +%é/");
        }
        assertThat(s3.keys("")).containsExactly("j +%é/" + run + "_SUCCESS", "j +%é/" + run + "fence=3/part 0+%é.gz");
        assertThat(text("j +%é/" + run + "_SUCCESS")).contains("\"archive\":\"/a\\\"r\\\\c\\u0009\\ud83d\\ude00\"");
    }

    // What is not replaced.

    @Test
    void whatWasNotPublishedFromTheSameArchiveUnderALowerFenceIsNotReplaced() throws Exception {
        s3.put(MARKER, new byte[0]);
        refused(9, "s3://bucket/%s is there already and was not written by waybill: move it away".formatted(MARKER));
        s3.delete(MARKER);

        publish(7, "part-0");
        refused(7, "was published under the fence 7, and this claim's is 7: another has taken the run over");
        refused(6, "was published under the fence 7, and this claim's is 6: another has taken the run over");
        try (S3Output other = S3Output.at("s3://bucket/json", "s3://bucket/archive/2/", client)) {
            assertThatThrownBy(() -> other.begin(RUN, 8))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("was published from another archive (s3://bucket/archive/)");
        }
        assertThat(s3.keys("")).containsExactly(MARKER, ROOT + "fence=7/part-0");
    }

    private void refused(long fence, String why) {
        assertThatThrownBy(() -> output.begin(RUN, fence))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    @Test
    void anObjectThatAnotherManifestsFenceHasThereIsNotOverwritten() throws Exception {
        s3.put(ROOT + "fence=7/part-0", new byte[] {1});
        try (S3Draft draft = output.begin(RUN, 7)) {
            write(draft, "part-0", "mine");
            assertThatThrownBy(() -> draft.publish(S3OutputTest::ours))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "s3://bucket/%sfence=7/part-0: is there already: does another manifest or job write here?",
                            ROOT);
        }
        assertThat(s3.keys(MARKER)).isEmpty();
        assertThat(s3.uploads()).isEmpty();
    }

    @Test
    void aRunMustHaveAPlaceBelowTheOutput() {
        for (String run : List.of("", "/", "run=1", "/run=1/")) {
            assertThatThrownBy(() -> output.begin(run, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the path of a run is '%s'", run);
        }
        assertThatThrownBy(() -> S3Output.at("gs://bucket/json", "a")).isInstanceOf(IllegalArgumentException.class);
        assertThat(S3Output.isMeantBy("s3n://bucket")).isTrue();
        assertThat(S3Output.isMeantBy("/s3/out")).isFalse();
    }

    @Test
    void whatWasNotWrittenToItsEndIsNotPublished() throws Exception {
        try (S3Draft draft = output.begin(RUN, 1)) {
            write(draft, "part-0", "whole");
            OutputStream part = draft.create("part-1");
            part.write(new byte[S3Upload.PART]);
            part.write(1);
            s3.fail("PART ", 1, 403, "AccessDenied");
            assertThatThrownBy(part::close).isInstanceOf(AccessDeniedException.class);
            part.close();
            assertThatThrownBy(() -> part.write(1)).hasMessageContaining("is closed, or could not be written");
            assertThatThrownBy(() -> draft.publish(S3OutputTest::ours))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("part-1 was not written to its end");
        }
        assertThat(s3.keys("")).isEmpty();
        assertThat(s3.uploads()).isEmpty();
    }

    // A claim that is lost.

    @Test
    void whoeverIsNotSureOfItsClaimPublishesNothing() throws Exception {
        try (S3Draft draft = output.begin(RUN, 1)) {
            write(draft, "part-0", "one");
            assertThatThrownBy(() -> draft.publish(() -> {
                        throw new IllegalStateException("the claim is lost");
                    }))
                    .hasMessage("the claim is lost");
            assertThat(s3.keys("")).isEmpty();
        }
        assertThat(s3.uploads()).isEmpty();
    }

    @Test
    void anUploadOfAWorkerThatWasOvertakenIsGoneAndCannotAppear() throws Exception {
        try (S3Draft zombie = output.begin(RUN, 3)) {
            write(zombie, "part-0", "late");
            OutputStream part = zombie.create("part-1");
            part.write(new byte[S3Upload.PART + 1]);

            publish(5, "part-0");

            assertThat(s3.uploads()).isEmpty();
            assertThatThrownBy(part::close)
                    .hasMessageContaining("the upload is gone: given up by the next claim on the run");
        }
        assertOnlyFence(5, "part-0");
    }

    /** The worker stops before each of its requests in turn, is overtaken, and goes on as if it held the claim. */
    @Test
    void aZombieThatGoesOnAtAnyMomentChangesNothing() throws Exception {
        int requests = zombie(Integer.MAX_VALUE, S3OutputTest::ours);
        assertThat(requests).isEqualTo(10);
        for (int at = 1; at <= requests; at++) {
            publish(2, "part-9");
            zombie(at, () -> publishUnchecked(5, "part-0"));
            assertOnlyFence(5, "part-0");
        }
    }

    /** The worker is killed before each of its requests in turn, and another takes over. */
    @Test
    void aWorkerThatIsKilledAtAnyMomentLeavesNothingToItsSuccessor() throws Exception {
        int requests = zombie(Integer.MAX_VALUE, S3OutputTest::ours);
        for (int at = 1; at <= requests; at++) {
            publish(2, "part-9");
            zombie(at, () -> {
                throw new Killed();
            });
            String there = text(MARKER);
            String folder = ROOT + (there.contains("fence=3/") ? "fence=3/" : "fence=2/");
            assertThat(s3.keys(folder))
                    .as("what the marker names is whole")
                    .hasSize(there.contains("fence=3/") ? 2 : 1);

            publish(5, "part-0");

            assertOnlyFence(5, "part-0");
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Publishes under the fence 3, with something done at the request of this number; tells how many there were. */
    private int zombie(int at, Runnable then) throws IOException {
        s3.forgetRequests();
        s3.beforeRequest(at, then);
        try (S3Draft draft = output.begin(RUN, 3)) {
            write(draft, "part-0", "late");
            write(draft, "part-1", "late");
            draft.publish(S3OutputTest::ours);
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?s).*(under the fence 5|the upload is gone|S3 was not reached).*");
        }
        int requests = s3.requests().size();
        s3.beforeRequest(Integer.MAX_VALUE, S3OutputTest::ours);
        if (at == Integer.MAX_VALUE) {
            s3.keys(ROOT).forEach(s3::delete);
        }
        return requests;
    }

    @Test
    void whatWasPublishedIsWithdrawnUnlessTheWinnersStandsInItsPlace() throws Exception {
        S3Draft late = published(3, "part-0", "part-1");
        late.withdraw();
        assertThat(s3.keys("")).isEmpty();

        late = published(3, "part-0");
        publish(5, "part-0");
        late.withdraw();
        late.close();
        assertOnlyFence(5, "part-0");

        S3Draft later = published(7, "part-0");
        s3.before("DELETE " + MARKER, () -> publishUnchecked(9, "part-0"));
        later.withdraw();
        assertOnlyFence(9, "part-0");
    }

    @Test
    void aDraftThatWasWithdrawnWhileItIsWrittenEndsAndLeavesNothing() throws Exception {
        S3Draft draft = output.begin(RUN, 3);
        OutputStream begun = draft.create("part-0");
        begun.write(new byte[S3Upload.PART + 1]);
        OutputStream notBegun = draft.create("part-1");
        notBegun.write(1);
        draft.withdraw();
        assertThat(s3.uploads()).isEmpty();
        assertThatThrownBy(begun::close).hasMessageContaining("was withdrawn");
        assertThatThrownBy(notBegun::close).hasMessageContaining("was withdrawn");
        assertThatThrownBy(() -> draft.publish(S3OutputTest::ours)).isInstanceOf(IllegalStateException.class);
        OutputStream busy = draft.create("part-2");
        s3.before("BEGIN ", () -> withdraw(draft));
        assertThatThrownBy(busy::close).hasMessageContaining("was withdrawn");
        draft.close();
        assertThat(s3.uploads()).isEmpty();
        assertThat(s3.keys("")).isEmpty();
    }

    @Test
    void anInterruptedWorkerCleansUpAllTheSame() throws Exception {
        S3Draft draft = output.begin(RUN, 3);
        write(draft, "part-0", "one");
        Thread.currentThread().interrupt();
        draft.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(s3.uploads()).isEmpty();
    }

    // What goes wrong on the way.

    @ParameterizedTest
    @ValueSource(strings = {"BEGIN ", "PART ", "COMPLETE ", "PUT ", "GET "})
    void aLostAnswerIsNoLoss(String request) throws Exception {
        s3.loseAnswers(request, 1);
        publish(2, "part-0", "part-1");
        s3.loseAnswers(request, 1);
        publish(3, "part-0", "part-1");
        assertOnlyFence(3, "part-0", "part-1");
        assertThat(s3.uploads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BEGIN ", "PART ", "COMPLETE ", "PUT ", "GET ", "LIST UPLOADS ", "LIST ", "DELETE "})
    void throttlingIsWaitedOut(String request) throws Exception {
        publish(1, "part-0");
        s3.fail(request, 2, 503, "SlowDown");
        publish(2, "part-0", "part-1");
        assertOnlyFence(2, "part-0", "part-1");
    }

    @ParameterizedTest
    @CsvSource({"PART,0", "COMPLETE,1", "PUT,2"})
    void aServiceThatFailsForGoodFailsThePublicationOfWhichNothingStays(String request, int completed)
            throws Exception {
        publish(1, "part-9");
        String before = text(MARKER);
        S3Draft draft = output.begin(RUN, 3);
        assertThatThrownBy(() -> {
                    try (draft) {
                        s3.fail(
                                request + " " + ROOT + (request.equals("PUT") ? "_" : "fence=3/part-1"),
                                99,
                                503,
                                "SlowDown");
                        write(draft, "part-0", "one");
                        write(draft, "part-1", "two");
                        draft.publish(S3OutputTest::ours);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("S3 did not do it, asked 3 times: status 503, SlowDown: told by the stub");
        assertThat(s3.requests().stream()
                        .filter(made -> made.startsWith("COMPLETE "))
                        .count())
                .isGreaterThanOrEqualTo(1 + completed);
        assertThat(text(MARKER)).isEqualTo(before);
        assertOnlyFence(1, "part-9");
        assertThat(s3.uploads()).isEmpty();
    }

    @Test
    void anAnswerThatNeverComesToThePublicationOfTheMarkerIsTakenBack() throws Exception {
        S3Draft draft = output.begin(RUN, 3);
        write(draft, "part-0", "one");
        s3.loseAnswers("PUT ", 99);
        s3.fail("GET ", 3, 500, "InternalError");
        assertThatThrownBy(() -> {
                    try (draft) {
                        draft.publish(S3OutputTest::ours);
                    }
                })
                .isInstanceOf(IOException.class);
        draft.close(); // once more, when S3 answers again
        assertThat(s3.keys("")).isEmpty();
    }

    @Test
    void whatEarlierFencesLeftMayStayWhereItMustNotBeRemoved() throws Exception {
        publish(1, "part-0");
        s3.fail("LIST UPLOADS ", 1, 403, "AccessDenied");
        publish(2, "part-0");
        assertThat(text(MARKER)).contains("fence=2/");
        assertThat(s3.keys(ROOT + "fence=1/")).hasSize(1);
        publish(3, "part-0");
        assertOnlyFence(3, "part-0");
    }

    @Test
    void refusalsSayWhatWouldHaveBeenRight() throws Exception {
        S3Draft draft = output.begin(RUN, 1);
        s3.fail("BEGIN ", 1, 403, "AccessDenied");
        assertThatThrownBy(() -> write(draft, "part-0", "one"))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining(
                        "s3://bucket/%sfence=1/part-0: access was refused: status 403, AccessDenied", ROOT);
        s3.fail("GET ", 1, 301, "PermanentRedirect", "eu-central-1");
        assertThatThrownBy(() -> output.begin(RUN, 1))
                .hasMessageContaining("the bucket is in the region eu-central-1: set AWS_REGION to it");
        try (S3Output nowhere = S3Output.at("s3://nowhere/", "a", client)) {
            assertThatThrownBy(() -> nowhere.begin(RUN, 1))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("there is no such bucket");
        }
    }

    /** What a worker hears that still holds its claim, or held it a moment ago. */
    private static void ours() {}

    private void publish(long fence, String... names) throws IOException {
        published(fence, names);
    }

    private S3Draft published(long fence, String... names) throws IOException {
        try (S3Draft draft = output.begin(RUN, fence)) {
            for (String name : names) {
                write(draft, name, "of " + fence);
            }
            draft.publish(S3OutputTest::ours);
            return draft;
        }
    }

    private void publishUnchecked(long fence, String... names) {
        try {
            publish(fence, names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void withdraw(S3Draft draft) {
        try {
            draft.withdraw();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(S3Draft draft, String name, String text) throws IOException {
        try (OutputStream out = draft.create(name)) {
            out.write(text.getBytes(UTF_8));
        }
    }

    /** Checks that the run is what was published under this fence, and nothing else, and forgets it. */
    private void assertOnlyFence(long fence, String... names) {
        assertThat(text(MARKER)).contains("\"folder\":\"fence=%d/\"".formatted(fence));
        List<String> keys = s3.keys(ROOT);
        assertThat(keys)
                .hasSize(1 + names.length)
                .contains(MARKER)
                .containsAll(List.of(names).stream()
                        .map(name -> ROOT + "fence=" + fence + "/" + name)
                        .toList());
        List.of(names)
                .forEach(name ->
                        assertThat(text(ROOT + "fence=" + fence + "/" + name)).isEqualTo("of " + fence));
        keys.forEach(s3::delete);
    }

    private String text(String key) {
        return new String(s3.bytes(key), UTF_8);
    }
}
