"""Log-in by WeCom (企业微信), as a provider of django-allauth; an app of its own when it is switched on.

A WeCom member is known by the UserId of the own corporation. The token is the corporation's, not the
member's; nothing is asked but who the member is.
"""
