package io.waybill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30) // who waits for a turn that never comes waits for ever
class TurnsTest {

    private static final int ROUNDS = 3;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private void play(int port, int place, int rounds) throws IOException {
        Turn turn = Turn.join(port, place);
        for (int i = 0; i < rounds; i++) {
            turn.begin();
            events.add(place + " begins");
            events.add(place + " ends");
            turn.end();
        }
    }

    @Test
    void oneAtATimeWorksAndEachOnceInEveryRound() throws Exception {
        try (Turns turns = new Turns(2)) {
            Future<?> second = threads.submit(() -> {
                play(turns.port(), 1, ROUNDS);
                return true;
            });
            Future<?> first = threads.submit(() -> {
                play(turns.port(), 0, ROUNDS);
                return true;
            });
            assertThat(turns.awaitAll(() -> true)).isTrue();
            for (int round = 1; round <= ROUNDS; round++) {
                assertThat(turns.round()).isTrue();
                assertThat(events).hasSize(4 * round).endsWith("0 begins", "0 ends", "1 begins", "1 ends");
            }
            first.get();
            second.get();
        }
    }

    @Test
    void itIsNotWaitedForThoseWhoWillNeverCome() throws IOException {
        try (Turns turns = new Turns(1)) {
            assertThat(turns.awaitAll(() -> false)).isFalse();
        }
    }

    @Test
    void whereNobodyGivesTurnsEveryMomentIsRight() throws IOException {
        Turn turn = Turn.join();
        turn.begin();
        turn.end();
        assertThat(turn).isSameAs(Turn.ALWAYS);
    }
}
