package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IgluUriTest {

    private static final Pattern URI = Pattern.compile("iglu:(?<vendor>[A-Za-z0-9_.-]+)/(?<name>[A-Za-z0-9_-]+)"
            + "/[A-Za-z0-9_-]+/(?<version>(?<model>[1-9][0-9]*)-(0|[1-9][0-9]*)-(0|[1-9][0-9]*))");

    private static final Pattern WORD_START = Pattern.compile("(?<=[^A-Z_])(?=[A-Z])");

    private static final List<String> URIS = List.of(
            "iglu:com.acme/fooBar/jsonschema/1-0-0",
            "iglu:A-b.C_9/XMLHttp-Request_x2Y/a-B_0/10-20-305",
            "iglu:a/b/c/99999999999999999999-0-1");

    private static final String CHARACTERS = "iglu:/.-_019azAZ @[`{äé\u0660\uFF11\uD800\n\u0000";

    private final long seed = Seeds.next();
    private final Random random = new Random(seed);

    @Test
    void aTextIsReadAsTheGrammarSays() {
        int uris = 0;
        for (int i = 0; i < 200_000; i++) {
            String text = mutated(URIS.get(random.nextInt(URIS.size())));
            Matcher expected = URI.matcher(text);
            boolean valid = expected.matches();

            IgluUri uri = IgluUri.parse(text);

            assertThat(uri != null).as("seed %d, %s", seed, text).isEqualTo(valid);
            if (uri != null) {
                uris++;
                assertThat(uri.keyName()).as("seed %d, %s", seed, text).isEqualTo(keyName(expected));
                assertThat(text.substring(uri.versionStart())).isEqualTo(expected.group("version"));
            }
        }
        assertThat(uris).as("seed %d", seed).isBetween(20_000, 180_000);
    }

    private static String keyName(Matcher uri) {
        String vendor = uri.group("vendor").replace('.', '_').replace('-', '_');
        String name = WORD_START.matcher(uri.group("name").replace('-', '_')).replaceAll("_");
        return (vendor + "_" + name).toLowerCase(Locale.ROOT) + "_" + uri.group("model");
    }

    private String mutated(String text) {
        StringBuilder mutated = new StringBuilder(text);
        for (int n = random.nextInt(4); n > 0 && mutated.length() > 0; n--) {
            int at = random.nextInt(mutated.length());
            char c = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
            switch (random.nextInt(3)) {
                case 0 -> mutated.insert(at, c);
                case 1 -> mutated.setCharAt(at, c);
                default -> mutated.deleteCharAt(at);
            }
        }
        return mutated.toString();
    }

    @Test
    void everyTextThatEndsTooEarlyIsNoUri() {
        String uri = "iglu:a/b/c/1-0-";

        assertThat(parse(uri + "0")).isNotNull();
        for (int end = 0; end <= uri.length(); end++) {
            assertThat(parse(uri.substring(0, end))).as(uri.substring(0, end)).isNull();
        }
    }

    private static @Nullable IgluUri parse(String text) {
        return IgluUri.parse(text);
    }
}
