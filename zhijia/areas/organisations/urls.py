"""The addresses of this area."""

from django.urls import path

from zhijia.areas.organisations.views import employers, posts, unions

app_name = "organisations"
urlpatterns = [
    path("", unions.union_list, name="union-list"),
    path("new/", unions.union_create, name="union-create"),
    path("options/", unions.union_options, name="union-options"),
    path("tree/", unions.tree, name="tree"),
    path("tree/<int:pk>/", unions.tree_children, name="tree-children"),
    path("<int:pk>/", unions.union_detail, name="union-detail"),
    path("<int:pk>/edit/", unions.union_edit, name="union-edit"),
    path("<int:pk>/rename/", unions.union_rename, name="union-rename"),
    path("<int:pk>/upgrade/", unions.union_upgrade, name="union-upgrade"),
    path("<int:pk>/move/", unions.union_move, name="union-move"),
    path("<int:pk>/close/", unions.union_close, name="union-close"),
    path("<int:pk>/committees/new/", posts.committee_create, name="committee-create"),
    path("<int:pk>/seats/new/", posts.seat_create, name="seat-create"),
    path("<int:pk>/employers/new/", employers.employer_create, name="employer-create"),
    path("terms/", posts.term_list, name="term-list"),
    path("committees/<int:pk>/end/", posts.committee_end, name="committee-end"),
    path("seats/<int:pk>/end/", posts.seat_end, name="seat-end"),
    path("employers/", employers.employer_list, name="employer-list"),
    path("employers/<int:pk>/", employers.employer_detail, name="employer-detail"),
    path("employers/<int:pk>/edit/", employers.employer_edit, name="employer-edit"),
    path("employers/<int:pk>/end/", employers.employer_end, name="employer-end"),
    path("employers/<int:pk>/head-counts/new/", employers.head_count_create, name="head-count-create"),
    path("head-counts/<int:pk>/edit/", employers.head_count_edit, name="head-count-edit"),
]
