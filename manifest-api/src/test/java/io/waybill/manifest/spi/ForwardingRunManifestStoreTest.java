package io.waybill.manifest.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import io.waybill.manifest.RunRecord;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForwardingRunManifestStoreTest {

    private static final RunId RUN = new RunId("run=2017-04-11-10-00-00/");

    private static final Map<Class<?>, Object> ARGUMENTS = Map.of(
            RunId.class, RUN,
            RunRecord.class, RunRecord.none(RUN),
            RunRange.class, RunRange.all(),
            Collection.class, List.of(RUN));

    private static final Map<Class<?>, Object> ANSWERS = Map.of(
            Optional.class,
            Optional.of(RunRecord.none(RUN)),
            Map.class,
            Map.of(RUN, RunRecord.none(RUN)),
            Stream.class,
            Stream.of(RunRecord.none(RUN)),
            Instant.class,
            Instant.EPOCH,
            boolean.class,
            true,
            String.class,
            "the store behind");

    private final List<String> calls = new ArrayList<>();

    private @Nullable Object called(Object proxy, Method method, Object @Nullable [] arguments) {
        calls.add(method.getName() + List.of(arguments == null ? new Object[0] : arguments));
        return ANSWERS.get(method.getReturnType());
    }

    @Test
    void everyCallGoesOnAndItsAnswerComesBackThoseWithADefaultToo() throws ReflectiveOperationException {
        RunManifestStore behind = (RunManifestStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RunManifestStore.class}, this::called);
        RunManifestStore store = new ForwardingRunManifestStore(behind) {};
        List<Method> methods = new ArrayList<>(List.of(RunManifestStore.class.getMethods()));
        methods.add(Object.class.getMethod("toString"));
        assertThat(methods).extracting(Method::getName).contains("isJoined", "compareAndPut");

        for (Method method : methods) {
            Object[] arguments =
                    Stream.of(method.getParameterTypes()).map(ARGUMENTS::get).toArray();
            calls.clear();
            assertThat(method.invoke(store, arguments))
                    .as(method.getName())
                    .isEqualTo(ANSWERS.get(method.getReturnType()));
            assertThat(calls).containsExactly(method.getName() + List.of(arguments));
        }
    }
}
