package io.waybill.manifest.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import io.waybill.manifest.StoreUnavailableException;
import io.waybill.manifest.dynamodb.DynamoDbRunManifestStore.Layout;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Batches and pages that the service ends at any place. */
@ParameterizedClass
@EnumSource(Layout.class)
@Timeout(120)
class PartialAnswersTest {

    private static final int RUNS = 110; // more than one batch, so that a query is tried

    private final DynamoDbRunManifestStore whole;
    private final Layout layout;

    PartialAnswersTest(Layout layout) {
        this.layout = layout;
        this.whole = TestTables.created(LocalDynamoDb.client(), layout);
        RunManifest manifest = RunManifest.over(whole);
        for (int i = 0; i < RUNS; i += 2) { // every other one is known, of these every tenth is not done
            manifest.add(run(i));
            if (i % 20 == 0) {
                manifest.forget(run(i));
            }
        }
    }

    private static RunId run(int i) {
        return new RunId("run-%03d".formatted(i));
    }

    private static List<RunId> runs(int count) {
        return IntStream.range(0, count).mapToObj(PartialAnswersTest::run).toList();
    }

    private DynamoDbRunManifestStore cut(DynamoDbClient client) {
        return DynamoDbRunManifestStore.builder(client, tableOf(whole))
                .layout(layout)
                .build();
    }

    private static String tableOf(DynamoDbRunManifestStore store) {
        return store.toString().split(" ", -1)[2];
    }

    private static DynamoDbClient client(PartialAnswers answers) {
        return LocalDynamoDb.builder()
                .overrideConfiguration(o -> o.addExecutionInterceptor(answers))
                .build();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 30, 54, 55, 56, 99, 100})
    void whereverAnAnswerEndsNoRunIsLeftOut(int most) {
        try (DynamoDbClient client = client(new PartialAnswers(most))) {
            DynamoDbRunManifestStore store = cut(client);
            for (int count : List.of(1, 2, 100, RUNS)) {
                assertThat(store.findAll(runs(count)))
                        .as("%d runs", count)
                        .hasSize((count + 1) / 2)
                        .isEqualTo(whole.findAll(runs(count)));
            }
            assertThat(store.list(RunRange.all()).map(RunRecord::id))
                    .containsExactlyElementsOf(IntStream.range(0, RUNS / 2)
                            .mapToObj(i -> run(2 * i))
                            .toList());
        }
    }

    @Test
    void keysThatHaveNoItemAreProgressToo() {
        PartialAnswers answers = new PartialAnswers(1);
        List<RunId> unknown =
                IntStream.range(0, 20).mapToObj(i -> run(2 * i + 1)).toList();
        try (DynamoDbClient client = client(answers)) {
            assertThat(cut(client).findAll(unknown)).isEmpty();
        }
        assertThat(answers.requests).hasSizeBetween(20, 21);
    }

    @Test
    void aBatchThatIsPutOffForGoodIsUnavailableAfterSomeTries() {
        PartialAnswers answers = new PartialAnswers(0);
        try (DynamoDbClient client = client(answers)) {
            assertThatThrownBy(() -> cut(client).findAll(runs(3)))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("some keys were not read in 10 tries, try again later");
        }
        assertThat(answers.requests).hasSize(10);
    }
}
