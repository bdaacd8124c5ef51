package io.waybill.manifest.inmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.manifest.NoSuchStoreException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.StoreMissingException;
import io.waybill.manifest.spi.RunManifestStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryRunManifestStoreProviderTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");

    @Test
    void itsLocationOpensAStore() {
        try (RunManifestStore store = RunManifestStores.open("memory:")) {
            assertThat(store).isInstanceOf(InMemoryRunManifestStore.class).hasToString("memory: job default");
        }
    }

    @Test
    void itIsTheStoreThatNeedsNoConfiguration() {
        try (RunManifestStore store = RunManifestStores.open();
                RunManifestStore ofJob = RunManifestStores.open(Map.of("job", "sessions"))) {
            assertThat(store).isInstanceOf(InMemoryRunManifestStore.class).hasToString("memory: job default");
            assertThat(ofJob).hasToString("memory: job sessions");
        }
    }

    @Test
    void theJobStandsInTheLocationOrBesideItWhichWins() {
        assertThat(RunManifestStores.open("memory:?job=a%20b")).hasToString("memory: job a b");
        assertThat(RunManifestStores.open("memory:?job=a", Map.of("job", "b"))).hasToString("memory: job b");
    }

    @Test
    void itIsEmptyAndMissingUntilItIsCreated() {
        RunManifest manifest = RunManifest.over(RunManifestStores.open("memory:?job=sessions"));
        assertThatThrownBy(() -> manifest.contains(RUN))
                .isInstanceOf(StoreMissingException.class)
                .hasMessage("memory: job sessions: the store was not created, call create() first");
        manifest.create();
        assertThat(manifest.contains(RUN)).isFalse();
    }

    @Test
    void eachTimeItIsAStoreOfItsOwn() {
        RunManifest one = RunManifest.over(RunManifestStores.open("memory:"));
        RunManifest other = RunManifest.over(RunManifestStores.open("memory:"));
        one.create();
        other.create();
        one.add(RUN);
        assertThat(other.contains(RUN)).isFalse();
    }

    @Test
    void aStoreWithANameIsTheSameForAllWhoNameItAndTheJob() {
        try (RunManifestStore test = RunManifestStores.open("memory:shared")) {
            assertThat(test).hasToString("memory:shared job default");
            try (RunManifestStore program = RunManifestStores.open("memory:shared")) {
                program.create();
                RunManifest.over(program).add(RUN);
            }
            assertThat(RunManifest.over(test).contains(RUN)).isTrue();
            for (String other : List.of("memory:shared?job=sessions", "memory:another", "memory:")) {
                try (RunManifestStore store = RunManifestStores.open(other)) {
                    store.create();
                    assertThat(RunManifest.over(store).contains(RUN)).as(other).isFalse();
                }
            }
        }
    }

    @Test
    void aStoreWithANameEndsWithTheLastWhoHasItOpen() {
        RunManifestStore one = RunManifestStores.open("memory:shared");
        RunManifestStore another = RunManifestStores.open("memory:shared");
        one.create();
        one.close();
        one.close(); // once more, which does not close another's
        try (RunManifestStore third = RunManifestStores.open("memory:shared")) {
            assertThat(RunManifest.over(third).add(RUN)).isTrue();
        }
        assertThat(RunManifest.over(another).contains(RUN)).isTrue();
        another.close();
        try (RunManifestStore anew = RunManifestStores.open("memory:shared")) {
            assertThatThrownBy(() -> anew.find(RUN)).isInstanceOf(StoreMissingException.class);
        }
    }

    @Test
    void anUnknownOptionNamesTheOneThatWasMeant() {
        String message = "store location memory:: unknown option 'jobb', did you mean 'job'? (valid: job)";
        assertThatThrownBy(() -> RunManifestStores.open("memory:?jobb=1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> RunManifestStores.open(Map.of("jobb", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void anotherSchemeIsNotServedAndTheMessageSaysWhatIs() {
        assertThatThrownBy(() -> RunManifestStores.open("dynamodb:runs"))
                .isInstanceOf(NoSuchStoreException.class)
                .hasMessageStartingWith(
                        "no backend on the class path serves 'dynamodb:'"
                                + " (is io.waybill:manifest-dynamodb there? in a fat jar, is its META-INF/services file merged with the others?); found memory: (%s); looked through ",
                        InMemoryRunManifestStoreProvider.class.getName());
    }
}
