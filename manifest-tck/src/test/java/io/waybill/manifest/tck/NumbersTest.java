package io.waybill.manifest.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Each rule of a store (S1 to S10) and each guarantee of the manifest (1 to 7) has its tests, by its number. */
class NumbersTest {

    private static final Pattern NUMBER = Pattern.compile("([sg])(\\d+)[A-Z].*");

    @Test
    void everyRuleAndEveryGuaranteeHasATestThatBeginsWithItsNumber() {
        List<String> numbers = new ArrayList<>();
        for (Class<?> c = RunManifestStoreContract.class; c != Object.class; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
                Matcher number = NUMBER.matcher(method.getName());
                boolean isTest =
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
                if (isTest && number.matches()) {
                    numbers.add(number.group(1) + number.group(2));
                }
            }
        }
        List<String> promised = Stream.concat(
                        IntStream.rangeClosed(1, 10).mapToObj(i -> "s" + i),
                        IntStream.rangeClosed(1, 7).mapToObj(i -> "g" + i))
                .toList();
        assertThat(numbers).containsAll(promised);
        assertThat(promised).containsAll(numbers);
    }
}
