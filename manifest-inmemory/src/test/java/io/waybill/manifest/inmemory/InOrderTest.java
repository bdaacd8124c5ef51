package io.waybill.manifest.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.CorruptRecordException;
import io.waybill.manifest.RunHandler;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunProcessor;
import io.waybill.manifest.RunProcessor.Summary;
import io.waybill.manifest.RunState;
import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs one after the other: a pass ends where one of them cannot be processed. */
class InOrderTest extends ProcessingTrial {

    @Test
    void inOrderRunsThatAreProcessedOrSkippedArePassedAndTheOthersHandledInOrder() throws Exception {
        RunId first = new RunId("z");
        rival.add(A);
        rival.skip(B, "not wanted");
        Queue<RunId> handled = new ConcurrentLinkedQueue<>();
        Summary summary = processor(RunProcessor.Builder::inOrder).process(Stream.of(first, A, B, C), claim -> {
            handled.add(claim.run());
            return Map.of();
        });
        assertThat(handled).containsExactly(first, C);
        assertThat(summary).isEqualTo(new Summary(2, 0, 0, 2, 0));
    }

    @Test
    void inOrderAFailedRunEndsThePass() throws Exception {
        RunHandler handler = claim -> {
            if (claim.run().equals(B)) {
                throw new IOException("x");
            }
            return Map.of();
        };
        assertThat(inOrder(handler, A, B, C)).isEqualTo(new Summary(1, 1, 0, 0, 0));
        assertThat(record(B).state()).isEqualTo(RunState.FAILED);
        assertThat(manifest.find(C)).isEmpty();

        // its time has come, and it fails for good
        assertThat(inOrder(handler, A, B, C)).isEqualTo(new Summary(0, 1, 0, 1, 0));
        assertThat(inOrder(handler, A, B, C)).isEqualTo(new Summary(0, 0, 0, 2, 0));
        assertThat(manifest.find(C)).isEmpty();

        manifest.skip(B, "hopeless");
        assertThat(inOrder(handler, A, B, C)).isEqualTo(new Summary(1, 0, 0, 2, 0));
        assertThat(manifest.contains(C)).isTrue();
    }

    @Test
    void inOrderARunThatIsHeldEndsThePass() throws Exception {
        granted(rival.claim(B, LONG));
        assertThat(inOrder(claim -> Map.of(), A, B, C)).isEqualTo(new Summary(1, 0, 0, 1, 0));
        assertThat(manifest.find(C)).isEmpty();

        clock.advance(LONG);
        assertThat(inOrder(claim -> Map.of(), A, B, C)).isEqualTo(new Summary(2, 0, 0, 1, 0));
    }

    @Test
    void inOrderARunThatWaitsForItsRetryEndsThePass() throws Exception {
        rival.fail(granted(rival.claim(B, LONG)), new IOException("x"), LONG);
        assertThat(inOrder(claim -> Map.of(), A, B, C)).isEqualTo(new Summary(1, 0, 0, 1, 0));
        assertThat(manifest.find(C)).isEmpty();

        clock.advance(LONG);
        assertThat(inOrder(claim -> Map.of(), A, B, C)).isEqualTo(new Summary(2, 0, 0, 1, 0));
    }

    @Test
    void inOrderARunWhoseClaimIsLostEndsThePass() throws Exception {
        RunHandler handler = claim -> {
            rival.forget(claim.run());
            return Map.of();
        };
        assertThat(inOrder(handler, A, B)).isEqualTo(new Summary(0, 0, 1, 0, 0));
        assertThat(manifest.find(B)).isEmpty();
    }

    @Test
    void inOrderARunThatIsUndecidedEndsThePass() throws Exception {
        store.beforeFind(run -> {
            if (run.equals(A)) {
                throw new CorruptRecordException("injected: " + run);
            }
        });
        assertThat(inOrder(claim -> Map.of(), A, B)).isEqualTo(new Summary(0, 0, 0, 0, 1));
        assertThat(manifest.find(B)).isEmpty();

        store.beforeFind(run -> {});
        noCommitArrives();
        assertThat(processor(p -> p.lease(SHORT).inOrder()).process(Stream.of(A, B), claim -> Map.of()))
                .isEqualTo(new Summary(0, 0, 0, 0, 1));
        assertThat(record(A).state()).isEqualTo(RunState.PROCESSING);
        assertThat(manifest.find(B)).isEmpty();
    }

    @Test
    void inOrderARunThatItsHandlerReleasedEndsThePassAndOneThatItCommittedDoesNot() throws Exception {
        RunHandler handler = claim -> {
            if (claim.run().equals(A)) {
                manifest.commit(claim, Map.of());
            } else {
                manifest.release(claim);
            }
            return Map.of();
        };
        assertThat(inOrder(handler, A, B, C)).isEqualTo(new Summary(1, 0, 0, 0, 0));
        assertThat(record(B).state()).isEqualTo(RunState.NEW);
        assertThat(manifest.find(C)).isEmpty();
    }

    private Summary inOrder(RunHandler handler, RunId... runs) throws InterruptedException {
        return processor(RunProcessor.Builder::inOrder).process(Stream.of(runs), handler);
    }
}
