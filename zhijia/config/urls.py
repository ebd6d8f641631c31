"""All addresses, assembled from the cards: an area's pages live under its name."""

from django.urls import include, path

from zhijia.kernel.registry import registry

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    *(path(f"{card.name}/", include(card.urls)) for card in registry().cards if card.urls),
    path("", include("zhijia.web.urls")),
]
handler429 = "zhijia.areas.accounts.lockout.slow_down"  # asked for by the rate limits of allauth
