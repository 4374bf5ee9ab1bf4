"""Ed25519 against the vectors of RFC 8032, section 7.1."""

from typing import Any

import pytest

from compliance.checks import trail_is_signed_outside
from compliance.sealing import signing, verifier

VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("seed", "public", "words", "signature"), VECTORS)
def test_the_vectors_of_the_standard(seed: str, public: str, words: str, signature: str) -> None:
    raw = bytes.fromhex(seed)

    assert signing.public_key(raw).hex() == public
    assert signing.sign(raw, bytes.fromhex(words)).hex() == signature
    assert verifier.signature_holds(bytes.fromhex(public), bytes.fromhex(words), bytes.fromhex(signature))


def test_one_changed_bit_anywhere_is_refused() -> None:
    seed = bytes(range(32))
    public, words = signing.public_key(seed), b"block 7"
    signature = signing.sign(seed, words)

    for place in (0, 31, 32, 63):
        wrong = bytearray(signature)
        wrong[place] ^= 1
        assert not verifier.signature_holds(public, words, bytes(wrong))
    assert not verifier.signature_holds(public, b"block 8", signature)
    assert not verifier.signature_holds(signing.public_key(bytes(32)), words, signature)
    assert not verifier.signature_holds(public, words, signature[:32] + (verifier.ORDER + 1).to_bytes(32, "little"))
    assert not verifier.signature_holds(public[:31], words, signature)


@pytest.mark.parametrize("key", ["", "short", "zz" * 32])
def test_a_host_that_cannot_sign_its_trail_is_warned(settings: Any, key: str) -> None:
    settings.AUDIT_SIGNING_KEY, settings.DEMO, settings.DEBUG, settings.TESTING = key, False, False, False

    assert [found.id for found in trail_is_signed_outside(None)] == ["compliance.W001"]


def test_a_demo_makes_itself_a_key_once() -> None:
    assert signing.seed() == signing.seed()
    assert trail_is_signed_outside(None) == []


def test_the_verifiers_own_checking_agrees_with_the_library() -> None:
    for number in range(8):
        seed, words = bytes([number]) * 32, b"block %d" % number
        public, signature = signing.public_key(seed), signing.sign(seed, words)
        assert verifier.signature_holds(public, words, signature)
        assert not verifier.signature_holds(public, words + b".", signature)
