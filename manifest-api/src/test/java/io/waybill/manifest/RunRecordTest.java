package io.waybill.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunRecordTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");
    private static final Instant AT = Instant.parse("2017-04-11T10:00:00.123Z");
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** A record in which a test changes what it is about. */
    private static final class Draft {
        private long version = 1;
        private RunState state = RunState.NEW;
        private String owner = "worker";
        private String token = "token";
        private Instant at = AT;
        private Duration lease = Duration.ZERO;
        private int attempts;
        private @Nullable Instant retryAt;
        private Map<String, String> details = Map.of();

        RunRecord record() {
            return new RunRecord(RUN, version, state, owner, token, at, lease, attempts, retryAt, details);
        }

        void isRefused(String message) {
            assertThatThrownBy(this::record)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("run " + RUN + ": " + message);
        }
    }

    private static Draft in(RunState state) {
        Draft draft = new Draft();
        draft.state = state;
        draft.lease = state == RunState.PROCESSING ? LEASE : Duration.ZERO;
        return draft;
    }

    @Test
    void timesAreKeptInWholeMillisecondsAlsoBefore1970() {
        Draft claim = in(RunState.PROCESSING);
        claim.at = Instant.parse("2017-04-11T10:00:00.123999999Z");
        claim.lease = Duration.ofNanos(60_000_999_999L);
        assertThat(claim.record().at()).isEqualTo(AT);
        assertThat(claim.record().lease()).isEqualTo(LEASE);

        Draft failed = in(RunState.FAILED);
        failed.at = Instant.ofEpochSecond(0, -1);
        failed.retryAt = Instant.ofEpochSecond(-1, 500_999_999);
        assertThat(failed.record().at()).isEqualTo(Instant.ofEpochMilli(-1));
        assertThat(failed.record().retryAt()).isEqualTo(Instant.ofEpochMilli(-500));
    }

    @Test
    void recordsThatDifferByLessThanAMillisecondAreEqual() {
        Draft fine = in(RunState.PROCESSING);
        fine.at = AT.plusNanos(1);
        fine.lease = LEASE.plusNanos(1);
        assertThat(fine.record()).isEqualTo(in(RunState.PROCESSING).record());
    }

    @Test
    void detailsAreSortedCopiedAndFixed() {
        Map<String, String> given = new LinkedHashMap<>(Map.of("b", "1"));
        given.put("a", "2");
        given.put("Z", "3");
        Draft draft = new Draft();
        draft.details = given;
        RunRecord record = draft.record();
        given.put("c", "4");

        assertThat(record.details()).containsExactly(Map.entry("Z", "3"), Map.entry("a", "2"), Map.entry("b", "1"));
        Map<String, String> kept = record.details();
        assertThatThrownBy(() -> kept.put("c", "4")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void detailsTakeAtMost4096BytesInUtf8InAll() {
        Draft draft = new Draft();
        draft.details = Map.of("🚚🚚", "é".repeat(1024), "b", "x".repeat(2039));
        assertThat(draft.record().details()).isEqualTo(draft.details);

        draft.details = Map.of("🚚🚚", "é".repeat(1024), "b", "x".repeat(2040));
        draft.isRefused("details take 4097 bytes in UTF-8, want at most 4096");
    }

    @Test
    void detailsOfLoneSurrogatesAreRefused() {
        Draft draft = new Draft();
        draft.details = Map.of("a", "x\uD83D");
        draft.isRefused("details hold a lone surrogate");
        draft.details = Map.of("\uDE9A", "x");
        draft.isRefused("details hold a lone surrogate");
    }

    @Test
    void detailsMayHoldControlCharactersAndNoNulls() {
        Draft draft = new Draft();
        draft.details = Map.of("", "\u0000\n\u007f");
        assertThat(draft.record().details()).isEqualTo(draft.details);

        draft.details = new HashMap<>();
        draft.details.put("a", null);
        assertThatThrownBy(draft::record).isInstanceOf(NullPointerException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void aVersionIsNeverNegative(long version) {
        Draft draft = new Draft();
        draft.version = version;
        draft.isRefused("version is " + version + ", want 1 or more");
    }

    @ParameterizedTest
    @EnumSource(value = RunState.class, names = "NEW", mode = EnumSource.Mode.EXCLUDE)
    void versionZeroIsOnlyThatOfARunWithoutARecord(RunState state) {
        Draft draft = in(state);
        draft.version = 0;
        draft.isRefused("version is 0, want 1 or more");
        assertThat(RunRecord.none(RUN).version()).isZero();
        assertThat(RunRecord.none(RUN).state()).isEqualTo(RunState.NEW);
        assertThat(RunRecord.none(RUN).isClaimableAt(Instant.MIN)).isTrue();
    }

    @Test
    void attemptsAreNeverNegative() {
        Draft draft = new Draft();
        draft.attempts = -1;
        draft.isRefused("attempts is -1, want 0 or more");
        draft.attempts = Integer.MAX_VALUE;
        assertThat(draft.record().attempts()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void anOwnerHasAtMost256CharactersAndATokenAtMost64() {
        Draft draft = new Draft();
        draft.owner = "o".repeat(256);
        draft.token = "t".repeat(64);
        assertThat(draft.record().owner()).hasSize(256);

        draft.owner = "o".repeat(257);
        draft.isRefused("owner has 257 characters, want at most 256");
        draft.owner = "";
        draft.token = "t".repeat(65);
        draft.isRefused("token has 65 characters, want at most 64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "\u0000", "\u007f", "a\uD83D", "\uDE9Ab"})
    void anOwnerAndATokenStandOnOneLine(String text) {
        Draft draft = new Draft();
        draft.owner = text;
        draft.isRefused("owner or token holds a control character or a lone surrogate");
        draft.owner = "wörker 🚚";
        draft.token = text;
        draft.isRefused("owner or token holds a control character or a lone surrogate");
    }

    @ParameterizedTest
    @EnumSource(value = RunState.class, names = "PROCESSING", mode = EnumSource.Mode.EXCLUDE)
    void nothingButAClaimHasALease(RunState state) {
        Draft draft = in(state);
        assertThat(draft.record().state()).isEqualTo(state);
        draft.lease = Duration.ofMillis(1);
        draft.isRefused("state is " + state
                + " with a lease of PT0.001S: a claim has a lease and a token, nothing else has a lease");
        draft.lease = Duration.ofNanos(999_999);
        assertThat(draft.record().lease()).isZero();
    }

    @Test
    void aClaimHasALeaseOfAMillisecondOrMoreAndAToken() {
        Draft claim = in(RunState.PROCESSING);
        String rule = ": a claim has a lease and a token, nothing else has a lease";
        claim.lease = Duration.ofNanos(999_999);
        claim.isRefused("state is PROCESSING with a lease of PT0S" + rule);
        claim.lease = Duration.ofMillis(-1);
        claim.isRefused("state is PROCESSING with a lease of PT-0.001S" + rule);
        claim.lease = LEASE;
        claim.token = "";
        claim.isRefused("state is PROCESSING with a lease of PT1M" + rule);
    }

    @ParameterizedTest
    @EnumSource(value = RunState.class, names = "FAILED", mode = EnumSource.Mode.EXCLUDE)
    void onlyAFailedRunHasATimeToRetry(RunState state) {
        Draft draft = in(state);
        draft.retryAt = AT;
        draft.isRefused("state is " + state + " with a time to retry");
    }

    @Test
    void aClaimHoldsUntilItsLeaseEndsAndIsClaimableFromThenOn() {
        RunRecord claim = in(RunState.PROCESSING).record();
        Instant end = AT.plus(LEASE);
        assertThat(claim.leaseUntil()).isEqualTo(end);
        for (Instant live : new Instant[] {AT.minusSeconds(3600), AT, end.minusNanos(1)}) {
            assertThat(claim.isHeldAt(live)).isTrue();
            assertThat(claim.isClaimableAt(live)).isFalse();
        }
        for (Instant lapsed : new Instant[] {end, end.plusSeconds(3600)}) {
            assertThat(claim.isHeldAt(lapsed)).isFalse();
            assertThat(claim.isClaimableAt(lapsed)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(value = RunState.class, names = "PROCESSING", mode = EnumSource.Mode.EXCLUDE)
    void nothingButAClaimHoldsARun(RunState state) {
        assertThat(in(state).record().isHeldAt(AT)).isFalse();
        assertThat(in(state).record().isHeldAt(AT.minusSeconds(1))).isFalse();
    }

    @Test
    void aFailedRunIsClaimableFromItsTimeToRetryOnAndWithoutOneNever() {
        Draft failed = in(RunState.FAILED);
        failed.retryAt = AT.plusSeconds(60);
        assertThat(failed.record().isClaimableAt(AT.plusSeconds(60).minusMillis(1)))
                .isFalse();
        assertThat(failed.record().isClaimableAt(AT.plusSeconds(60))).isTrue();
        failed.retryAt = null;
        assertThat(failed.record().isClaimableAt(Instant.MAX)).isFalse();
    }

    @Test
    void aNewRunIsAlwaysClaimableAndOneThatIsDoneNever() {
        assertThat(in(RunState.NEW).record().isClaimableAt(Instant.MIN)).isTrue();
        assertThat(in(RunState.PROCESSED).record().isClaimableAt(Instant.MAX)).isFalse();
        assertThat(in(RunState.SKIPPED).record().isClaimableAt(Instant.MAX)).isFalse();
    }
}
