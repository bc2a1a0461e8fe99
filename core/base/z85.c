/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads keys in Z85. Knows the alphabet, nothing of what the keys are for. */
#include "base/z85.h"

#include <string.h>

static int digit(char character) {
    static const char alphabet[] = "0123456789abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
    const char *found = character ? strchr(alphabet, character) : NULL;

    return found ? (int)(found - alphabet) : -1;
}

int zl_z85_decode(uint8_t key[ZL_KEY_BYTES], const char *text) {
    int i, j, value;
    uint64_t word;

    if (!text || strnlen(text, ZL_KEY_CHARS + 1) != ZL_KEY_CHARS)
        return -1;
    for (i = 0; i < ZL_KEY_CHARS / 5; i++) {
        word = 0;
        for (j = 0; j < 5; j++) {
            value = digit(*text++);
            if (value < 0)
                return -1;
            word = word * 85 + (uint64_t)value;
        }
        if (word > UINT32_MAX)
            return -1;
        for (j = 0; j < 4; j++)
            *key++ = (uint8_t)(word >> (24 - 8 * j));
    }
    return 0;
}
